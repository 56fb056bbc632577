using System.Xml.Linq;
using Platform.Architecture.Tests.Reading;

namespace Platform.Architecture.Tests.Rules;

/// <summary>Versions stand in Directory.Packages.props only; some packages belong to one room.</summary>
internal static class PackageRule
{
    public static IEnumerable<Violation> Versions(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.IsMSBuild
        from package in file.Xml.Descendants("PackageReference")
        where package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null || package.Element("Version") is not null
        select file.Whole($"{Name(package)} states its version here. State it in Directory.Packages.props.");

    /// <summary>Core is pure: System.*, Semver and MathNet.Numerics, no framework.</summary>
    public static IEnumerable<Violation> Core(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.IsProject && file.Room == "Core"
        from reference in file.Xml.Descendants()
        where reference.Name == "FrameworkReference" || (reference.Name == "PackageReference" && !IsPure(Name(reference)))
        select file.Whole($"Core may use System.*, Semver and MathNet.Numerics only, not {Name(reference)}. Keep what needs it in a host.");

    public static IEnumerable<Violation> OnnxRuntime(IReadOnlyList<SourceFile> files) =>
        OnlyIn(files, "Microsoft.ML.OnnxRuntime", ["Worker", "tests"]);

    public static IEnumerable<Violation> Redis(IReadOnlyList<SourceFile> files) =>
        OnlyIn(files, "StackExchange.Redis", ["SharedState", "ServiceDefaults", "tests"]);

    private static IEnumerable<Violation> OnlyIn(IReadOnlyList<SourceFile> files, string package, string[] rooms) =>
        from file in files
        where file.IsMSBuild && !rooms.Contains(file.Room)
        from reference in file.Xml.Descendants("PackageReference")
        where Name(reference).StartsWith(package, StringComparison.OrdinalIgnoreCase)
        select file.Whole($"{Name(reference)} may be referenced in {string.Join(", ", rooms)} only.");

    private static bool IsPure(string package) => package is "Semver" or "MathNet.Numerics" || package.StartsWith("System.", StringComparison.Ordinal);

    private static string Name(XElement reference) => (reference.Attribute("Include") ?? reference.Attribute("Update"))?.Value ?? "";
}
