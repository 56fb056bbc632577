namespace Platform.Core.Models;

/// <summary>Where a version stands in its life.</summary>
public enum VersionStage
{
    Created,
    Training,
    Validating,
    Validated,
    Staged,
    Deployed,
    Retired,
    Rejected,
}

public static class VersionStages
{
    /// <summary>The stages as people write them, for messages.</summary>
    public static readonly string Names = string.Join(", ", Enum.GetValues<VersionStage>().Select(Text));

    /// <summary>As it is written over HTTP: "staged".</summary>
    public static string Text(this VersionStage stage) => stage.ToString().ToLowerInvariant();

    /// <summary>Reads a stage by its name only; Enum.TryParse would take "5" and "created,training" as well.</summary>
    public static bool TryParse(string? text, out VersionStage stage)
    {
        foreach (var candidate in Enum.GetValues<VersionStage>())
        {
            stage = candidate;
            if (candidate.Text() == text) return true;
        }

        stage = default;
        return false;
    }
}
