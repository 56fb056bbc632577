using System.Globalization;
using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Redis;

/// <summary>The program that stands for the Redis container: Garnet, or the redis-server of this machine. Both keep every
/// acknowledged write, listen on localhost only, and have their password in the environment and on no command line.</summary>
internal sealed class RedisEngine(IConfiguration configuration, DataFolder folder)
{
    public ProcessSpec Start(RedisResource redis, Replica replica, IReadOnlyDictionary<string, string?> environment)
    {
        var volume = redis.Annotations.OfType<ContainerMountAnnotation>().FirstOrDefault(mount => mount.Target == "/data");
        var data = folder.Volume(volume?.Source ?? $"{redis.Name}-data");
        var port = replica.Ports[RedisResource.PrimaryEndpointName].ToString(CultureInfo.InvariantCulture);
        return configuration["Redis:Engine"]?.ToUpperInvariant() switch
        {
            null or "" or "GARNET" => Garnet(port, data, environment),
            "REDIS-SERVER" => RedisServer(port, data, environment),
            var other => throw new DistributedApplicationException($"Redis:Engine is '{other}'. It is garnet or redis-server."),
        };
    }

    private static ProcessSpec Garnet(string port, string data, IReadOnlyDictionary<string, string?> environment)
    {
        var program = typeof(RedisEngine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "GarnetPath").Value!;
        var parent = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return new(ProcessSpecs.Dotnet, [program, "--port", port, "--folder", data, "--parent", parent], data, environment);
    }

    /// <summary>The shell hands over the password by standard input, where redis-server takes its configuration from.</summary>
    private static ProcessSpec RedisServer(string port, string data, IReadOnlyDictionary<string, string?> environment)
    {
        var program = FindOnPath("redis-server") ?? throw new DistributedApplicationException(
            "Redis:Engine asks for redis-server, which is not on the PATH. Install it (for example `apt-get install redis-server`), or leave Redis:Engine empty for Garnet.");
        var settings = $"""
            bind 127.0.0.1
            port {port}
            dir "{data}"
            appendonly yes
            appendfsync always
            save ""
            daemonize no
            """;
        const string Script = """
            exec "$1" - <<EOF
            $0
            requirepass $REDIS_PASSWORD
            EOF
            """;
        return new("/bin/sh", ["-c", Script, settings, program], data, environment);
    }

    private static string? FindOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);
}
