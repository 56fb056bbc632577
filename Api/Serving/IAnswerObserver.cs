using Platform.Core.Serving;

namespace Platform.Api.Serving;

/// <summary>
/// Hears of every inference after its answer is known and before it is sent: counts it, remembers it, mirrors it. Where a
/// fallback answers it hears twice: of the version that could not answer (503), and of the answer (route "fallback").
/// What was answered from the cache has the route that was planned; the answer itself says "cache".
/// </summary>
internal interface IAnswerObserver
{
    /// <summary>Runs on the caller's time: it must neither block nor throw. The call's body is gone once it returns.</summary>
    /// <param name="version">Who was to answer; null when the request never got as far as a version.</param>
    /// <param name="route">By which it was to be answered; the answer says by which it was.</param>
    /// <param name="answer">Null when the caller went away before there was one.</param>
    void Answered(InferenceCall call, PlacedVersion? version, string route, InferenceAnswer? answer, TimeSpan elapsed);
}
