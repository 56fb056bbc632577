using System.Reflection;
using Aspire.Hosting.Projects;

namespace AppHost.Tests.Local;

/// <summary>The small web program of AppHost.Tests.Dummy.</summary>
internal sealed class Dummy : ILocalProjectMetadata
{
    public string TargetPath { get; } = typeof(Dummy).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "DummyPath").Value!;

    // Where it was built is as good a working directory as any.
    public string ProjectPath => Path.ChangeExtension(TargetPath, ".csproj");
}
