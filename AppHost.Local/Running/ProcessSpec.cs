namespace Aspire.Hosting.Running;

/// <summary>How one process is started.</summary>
internal sealed record ProcessSpec(
    string Command, IReadOnlyList<string> Arguments, string WorkingDirectory, IReadOnlyDictionary<string, string?> Environment);
