namespace Platform.Architecture.Tests.Samples;

/// <summary>Rows: rule, path, text, path of another file that is there.</summary>
internal static class DeclarationSamples
{
    private const string Options = "options are internal and sealed";
    private const string Requests = "request types are public";
    private const string Aliases = "grain interfaces have aliases";

    public static TheoryData<string, string, string, string> Bad => new()
    {
        { Options, "Worker/Batching/BatchingOptions.cs", "public sealed class BatchingOptions\n{\n}", "" },
        { Options, "Worker/Batching/BatchingOptions.cs", "internal class BatchingOptions", "" },
        { Options, "Api/LimitOptions.cs", "internal sealed record LimitOptions(int Max);", "" },
        { Requests, "Api/Models/ModelEndpoints.cs", "internal sealed record CreateRequest(string Name);", "" },
        { Requests, "Api/Models/ModelEndpoints.cs", "Ok Create(CreateRequest body) { }\nsealed record CreateRequest(string Name);", "" },
        { Aliases, "Contracts/IModelGrain.cs", "public interface IModelGrain : IGrainWithStringKey { [Alias(\"Get\")] Task<int> GetAsync(); }", "" },
        { Aliases, "Contracts/IModelGrain.cs", "[Alias(\"m\")]\npublic interface IModelGrain : IGrainWithStringKey\n{\n    Task<int> GetAsync(int a);\n}", "" },
        {
            Aliases, "Contracts/IModelGrain.cs",
            "[Alias(\"m\")]\npublic interface IModelGrain : IGrainWithStringKey\n{\n    [Alias(\"A\")]\n    Task A();\n\n    [ReadOnly]\n    ValueTask<(int, int)> B<T>((int, int) a);\n}",
            ""
        },
    };

    public static TheoryData<string, string, string, string> Good => new()
    {
        { Options, "Worker/Batching/BatchingOptions.cs", "internal sealed class BatchingOptions", "" },
        { Options, "Worker/Batching/Options.cs", "internal static class JsonOptions { }", "" },
        { Options, "SharedState/ArtifactOptions.cs", "public sealed class ArtifactOptions", "" },
        { Requests, "Api/Models/ModelEndpoints.cs", "Ok Create(CreateRequest body, HttpRequest http) { }\npublic sealed record CreateRequest(string Name);", "" },
        { Requests, "Api/Forwarding/ForwardedRequest.cs", "internal sealed record ForwardedRequest(string Name);", "" },
        {
            Aliases, "Contracts/IModelGrain.cs",
            "/// <summary>One a model.</summary>\n[Alias(\"m\")]\npublic interface IModelGrain : IGrainWithStringKey\n{\n    [Alias(\"A\"), ReadOnly]\n    Task A(int a);\n}",
            ""
        },
        { Aliases, "Contracts/IClock.cs", "public interface IClock { int Get(); }", "" },
    };
}
