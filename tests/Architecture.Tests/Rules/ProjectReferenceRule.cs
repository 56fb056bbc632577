using Platform.Architecture.Tests.Reading;

namespace Platform.Architecture.Tests.Rules;

/// <summary>Who may reference whom: DESIGN's rooms. Tests may reference anything.</summary>
internal static class ProjectReferenceRule
{
    private static readonly string[] Host = ["Core", "Contracts", "SharedState", "ServiceDefaults", "Formats"];

    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Core"] = [],
        ["Contracts"] = ["Core"],
        ["SharedState"] = ["Core"],
        ["Formats"] = ["Core"],
        ["ServiceDefaults"] = [],
        ["Silo"] = Host,
        ["Api"] = Host,
        ["Worker"] = Host,
        ["AppHost"] = ["Silo", "Api", "Worker", "AppHost.Local", "samples"],
        ["AppHost.Local"] = ["AppHost.Local"],
        ["samples"] = [],
        // Clients know HTTP only; a verifier that trusted the platform for its hashes would verify nothing.
        ["samples/audit-verifier"] = ["Core"],
    };

    public static IEnumerable<Violation> Check(IReadOnlyList<SourceFile> files) =>
        files.Where(file => file.IsProject && !file.IsTest).SelectMany(Check);

    private static IEnumerable<Violation> Check(SourceFile project)
    {
        if (!Allowed.TryGetValue(project.Folder, out var allowed) && !Allowed.TryGetValue(project.Room, out allowed))
            return [project.Whole($"A new room: say in {nameof(ProjectReferenceRule)} and in the architecture page whom it may reference.")];
        return project.Xml.Descendants("ProjectReference")
            .Select(reference => Paths.Resolve(project.Folder, reference.Attribute("Include")?.Value ?? ""))
            .Where(path => !allowed.Contains(Paths.Room(path)))
            .Select(path => project.Whole(
                $"{project.Room} may not reference {path}, only {Names(allowed)}. Move what is shared to a room that both may use."));
    }

    private static string Names(string[] rooms) => rooms.Length == 0 ? "no project" : string.Join(", ", rooms);
}
