using System.Runtime.InteropServices;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Projects;
using Aspire.Hosting.Redis;

namespace Aspire.Hosting.Running;

/// <summary>From a resource to the command that starts one of its replicas.</summary>
internal sealed class ProcessSpecs(DistributedApplicationExecutionContext execution, RedisEngine redis)
{
    // The AppHost's own, and none of a child's business; secrets reach those that a parameter is given to.
    private static readonly string[] NotInherited =
        ["ASPNETCORE_URLS", "DOTNET_LAUNCH_PROFILE", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "ASPIRE_LOGLEVEL"];

    /// <summary>The dotnet that runs this process, which need not be the one on the PATH.</summary>
    internal static string Dotnet { get; } = FindDotnet();

    public async Task<ProcessSpec> CreateAsync(Replica replica, CancellationToken cancellationToken)
    {
        var environment = Inherited();
        var own = await ResourceSettings.EnvironmentAsync(replica.Resource, execution, cancellationToken);
        foreach (var (name, value) in await ResourceSettings.ResolveAsync(own, cancellationToken)) environment[name] = replica.Fill(value);
        if (replica.Resource is RedisResource resource) return redis.Start(resource, replica, environment);

        List<string> arguments = [];
        foreach (var argument in await ResourceSettings.ArgumentsAsync(replica.Resource, execution, cancellationToken))
            arguments.Add(replica.Fill(await ResourceSettings.TextAsync(argument, cancellationToken)));
        return replica.Resource switch
        {
            ProjectResource project => OfProject(project, arguments, environment),
            ExecutableResource executable => new(executable.Command, arguments, executable.WorkingDirectory, environment),
            var other => throw new DistributedApplicationException(
                $"'{other.Name}' is a container. AppHost.Local runs Redis without a container engine, other containers only with -p:UseAspire=true."),
        };
    }

    private static ProcessSpec OfProject(ProjectResource project, List<string> arguments, Dictionary<string, string?> environment)
    {
        var metadata = project.Annotations.OfType<IProjectMetadata>().Last();
        var program = (metadata as ILocalProjectMetadata)?.TargetPath ?? throw new DistributedApplicationException(
            $"Where '{project.Name}' was built is not known: its metadata comes from a ProjectReference of the AppHost.");
        return File.Exists(program)
            ? new(Dotnet, [program, .. arguments], Path.GetDirectoryName(metadata.ProjectPath)!, environment)
            : throw new DistributedApplicationException($"'{project.Name}' is not built: {program} does not exist. Run `dotnet build` on the AppHost.");
    }

    private static Dictionary<string, string?> Inherited()
    {
        var environment = NotInherited.ToDictionary(name => name, _ => (string?)null);
        foreach (string name in Environment.GetEnvironmentVariables().Keys)
            if (name.StartsWith("Parameters__", StringComparison.OrdinalIgnoreCase)) environment[name] = null;
        return environment;
    }

    private static string FindDotnet()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var program = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(program) ? program : "dotnet";
    }
}
