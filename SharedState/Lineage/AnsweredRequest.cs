namespace Platform.SharedState.Lineage;

/// <summary>Who answered one request. Nothing of what was asked or answered is in it.</summary>
/// <param name="At">When the answer was known, UTC.</param>
/// <param name="Sha256">The artifact that the plan had for the version at that moment.</param>
/// <param name="Route">What <c>X-Route</c> said.</param>
/// <param name="Named">Whether the caller asked for the version by name, so that no plan decided.</param>
/// <param name="PlanRevision">The model's plan that this Api followed at that moment.</param>
/// <param name="Caller">Name of the key that asked.</param>
public sealed record AnsweredRequest(
    DateTimeOffset At, string Model, string Version, string Sha256, string Route, bool Named, long PlanRevision, int Status, string Worker, string Caller);
