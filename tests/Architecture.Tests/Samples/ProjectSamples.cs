namespace Platform.Architecture.Tests.Samples;

/// <summary>Rows: rule, path, text, path of another file that is there.</summary>
internal static class ProjectSamples
{
    private const string Rooms = "rooms reference only the rooms below them";
    private const string Versions = "package versions are central";
    private const string Core = "Core needs System, Semver and MathNet only";
    private const string Onnx = "ONNX Runtime is a package of Worker";
    private const string Redis = "Redis is a package of SharedState and ServiceDefaults";
    private const string Solution = "the solution lists every project";
    private const string Warnings = "no warning is switched off";

    public static TheoryData<string, string, string, string> Bad => new()
    {
        { Rooms, "Core/Core.csproj", Reference(@"..\Contracts\Contracts.csproj"), "" },
        { Rooms, "SharedState/SharedState.csproj", Reference("../ServiceDefaults/ServiceDefaults.csproj"), "" },
        { Rooms, "Contracts/Contracts.csproj", Reference(@"..\SharedState\SharedState.csproj"), "" },
        { Rooms, "Api/Api.csproj", Reference(@"..\Silo\Silo.csproj"), "" },
        { Rooms, "Worker/Worker.csproj", Reference(@"..\AppHost.Local\AppHost.Local.csproj"), "" },
        { Rooms, "samples/digits/Digits.csproj", Reference(@"..\..\Core\Core.csproj"), "" },
        { Rooms, "Pipelines/Pipelines.csproj", "<Project />", "" },
        { Versions, "Api/Api.csproj", "<Project><ItemGroup><PackageReference Include=\"A\" Version=\"1.0.0\" /></ItemGroup></Project>", "" },
        { Versions, "Api/Api.csproj", "<Project><ItemGroup><PackageReference Include=\"A\" VersionOverride=\"1.0.0\" /></ItemGroup></Project>", "" },
        { Versions, "Directory.Build.props", "<Project><ItemGroup><PackageReference Include=\"A\"><Version>1</Version></PackageReference></ItemGroup></Project>", "" },
        { Core, "Core/Core.csproj", Package("Microsoft.Orleans.Sdk"), "" },
        { Core, "Core/Core.csproj", "<Project><ItemGroup><FrameworkReference Include=\"Microsoft.AspNetCore.App\" /></ItemGroup></Project>", "" },
        { Onnx, "Api/Api.csproj", Package("Microsoft.ML.OnnxRuntime"), "" },
        { Onnx, "Silo/Silo.csproj", Package("Microsoft.ML.OnnxRuntime.Gpu"), "" },
        { Redis, "Worker/Worker.csproj", Package("StackExchange.Redis"), "" },
        { Solution, "Silo/Silo.csproj", "<Project />", "Platform.sln" },
        { Solution, "Platform.sln", @"Project(""{0}"") = ""Gone"", ""Gone\Gone.csproj"", ""{1}""", "" },
        { Warnings, "Api/Api.csproj", Property("NoWarn", "$(NoWarn);CA1000"), "" },
        { Warnings, "Api/Api.csproj", Property("TreatWarningsAsErrors", "false"), "" },
        { Warnings, "Api/Api.csproj", Property("WarningsNotAsErrors", "CS0618"), "" },
        { Warnings, "Api/Api.csproj", "<Project><ItemGroup><PackageReference Include=\"A\" NoWarn=\"NU1605\" /></ItemGroup></Project>", "" },
    };

    public static TheoryData<string, string, string, string> Good => new()
    {
        { Rooms, "Api/Api.csproj", Reference(@"..\SharedState\SharedState.csproj"), "" },
        { Rooms, "AppHost/AppHost.csproj", Reference(@"..\samples\digits\Digits.csproj"), "" },
        { Rooms, "AppHost.Local/Engine/AppHost.Engine.csproj", Reference(@"..\AppHost.Local.csproj"), "" },
        { Rooms, "tests/Api.Tests/Api.Tests.csproj", Reference(@"..\..\Api\Api.csproj"), "" },
        { Versions, "Api/Api.csproj", Package("A"), "" },
        { Versions, "Directory.Packages.props", "<Project><ItemGroup><PackageVersion Include=\"A\" Version=\"1.0.0\" /></ItemGroup></Project>", "" },
        { Core, "Core/Core.csproj", Package("Semver"), "" },
        { Core, "Core/Core.csproj", Package("System.IO.Hashing"), "" },
        { Core, "Contracts/Contracts.csproj", Package("Microsoft.Orleans.Sdk"), "" },
        { Onnx, "Worker/Worker.csproj", Package("Microsoft.ML.OnnxRuntime"), "" },
        { Onnx, "tests/Benchmarks/Benchmarks.csproj", Package("Microsoft.ML.OnnxRuntime"), "" },
        { Redis, "SharedState/SharedState.csproj", Package("StackExchange.Redis"), "" },
        { Redis, "Silo/Silo.csproj", Package("Microsoft.Orleans.Clustering.Redis"), "" },
        { Solution, "Platform.sln", @"Project(""{0}"") = ""Silo"", ""Silo\Silo.csproj"", ""{1}""", "Silo/Silo.csproj" },
        { Warnings, "Directory.Build.props", Property("NoWarn", "$(NoWarn);CA1707;CA1861"), "" },
        { Warnings, "Directory.Build.props", Property("TreatWarningsAsErrors", "true"), "" },
    };

    private static string Reference(string path) => $"<Project><ItemGroup><ProjectReference Include=\"{path}\" /></ItemGroup></Project>";

    private static string Package(string name) => $"<Project><ItemGroup><PackageReference Include=\"{name}\" /></ItemGroup></Project>";

    private static string Property(string name, string value) => $"<Project><PropertyGroup><{name}>{value}</{name}></PropertyGroup></Project>";
}
