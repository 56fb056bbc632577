using System.Diagnostics.CodeAnalysis;
using Platform.Core.Privacy;
using Platform.SharedState.Privacy;

namespace Platform.Api.Serving;

/// <summary>Whom a call is about: its caller may name a person, of whom nothing but a keyed hash goes any further.</summary>
internal sealed class CallSubjects(SubjectVault subjects)
{
    /// <summary>Where gRPC has no header but metadata.</summary>
    private const string Metadata = "subject";

    /// <summary>False, with the answer, when what stands there cannot be a subject.</summary>
    public bool TryRead(InferenceCall call, out string? subject, [NotNullWhen(false)] out InferenceAnswer? refused)
    {
        (subject, refused) = (null, null);
        if ((call.Header(ErasureRules.Header) ?? call.Header(Metadata)) is not { } given) return true;
        if (ErasureRules.Refuse(given, ErasureRules.Header) is { } refusal)
        {
            refused = InferenceAnswer.Refused(StatusCodes.Status400BadRequest, $"{ErasureRules.Header}: {refusal.Detail}");
            return false;
        }

        subject = subjects.NameOf(given);
        return true;
    }
}
