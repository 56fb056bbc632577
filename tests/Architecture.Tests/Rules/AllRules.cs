namespace Platform.Architecture.Tests.Rules;

/// <summary>The rules that this repository keeps, each in a sentence.</summary>
internal static class AllRules
{
    public static readonly IReadOnlyDictionary<string, Rule> ByName = new Dictionary<string, Rule>(StringComparer.Ordinal)
    {
        ["rooms reference only the rooms below them"] = ProjectReferenceRule.Check,
        ["package versions are central"] = PackageRule.Versions,
        ["Core needs System, Semver and MathNet only"] = PackageRule.Core,
        ["Core uses System, Semver and MathNet only"] = NamespaceRule.Core,
        ["ONNX Runtime is a package of Worker"] = PackageRule.OnnxRuntime,
        ["ONNX Runtime is named in Worker/Onnx"] = NamespaceRule.OnnxRuntime,
        ["Redis is a package of SharedState and ServiceDefaults"] = PackageRule.Redis,
        ["Redis is named in SharedState and ServiceDefaults"] = NamespaceRule.Redis,
        ["a feature folder does not use another"] = FeatureFolderRule.Siblings,
        ["features are not used globally"] = FeatureFolderRule.GlobalUsings,
        ["namespaces follow folders"] = FeatureFolderRule.Namespaces,
        ["the solution lists every project"] = SolutionRule.Check,
        ["files are short"] = FileLengthRule.Check,
        ["nobody blocks, sleeps or reads the clock"] = BannedCallRule.Calls,
        ["no error vanishes"] = BannedCallRule.EmptyCatches,
        ["no test is skipped"] = SkippedTestRule.Check,
        ["scripts name their keys"] = ScriptKeyRule.Check,
        ["no warning is switched off"] = SuppressionRule.Check,
        ["options are internal and sealed"] = DeclarationRule.Options,
        ["request types are public"] = DeclarationRule.Requests,
        ["grain interfaces have aliases"] = GrainAliasRule.Check,
        ["the manifest names no machine's path"] = ManifestRule.Check,
        ["links in documents resolve"] = DocumentRule.Links,
        ["names in documents exist"] = DocumentRule.Names,
        ["commands in documents name projects"] = DocumentRule.Commands,
    };

    public static TheoryData<string> Names => [.. ByName.Keys];
}
