namespace Platform.Core.Models;

/// <summary>What a model asks of its versions before they may be put to work.</summary>
/// <param name="NeedsValidation">Only a validation run makes a version validated, not a person's word.</param>
/// <param name="NeedsApproval">Only an approval makes a version staged.</param>
public sealed record LifecyclePolicy(bool NeedsValidation = false, bool NeedsApproval = false)
{
    public static readonly LifecyclePolicy None = new();
}
