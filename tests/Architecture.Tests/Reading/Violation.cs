namespace Platform.Architecture.Tests.Reading;

/// <summary>Where a rule is broken, and what to do about it.</summary>
internal sealed record Violation(string Where, string Problem)
{
    public override string ToString() => $"{Where}: {Problem}";
}
