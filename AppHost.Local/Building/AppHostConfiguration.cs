using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.UserSecrets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Where the AppHost's settings come from; what comes later wins: appsettings, secrets, environment, arguments.</summary>
internal static class AppHostConfiguration
{
    private static readonly Dictionary<string, string> Switches = new()
    {
        ["--operation"] = "AppHost:Operation",
        ["--publisher"] = "Publishing:Publisher",
        ["--output-path"] = "Publishing:OutputPath",
        ["--step"] = "Publishing:Step",
    };

    public static HostApplicationBuilder CreateHost(DistributedApplicationOptions options, string directory)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = WithValues(options.Args),
            ContentRootPath = Directory.Exists(directory) ? directory : null,
            EnvironmentName = options.DisableDashboard ? Environments.Development : null,
        });
        builder.Configuration.AddCommandLine(WithValues(options.Args), Switches);
        // Hosting's own lines would hide those of the resources.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Yarp", LogLevel.Error);
        // Why a start is refused is printed in a line, or is the test's to see.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging:Runner"));
        return builder;
    }

    public static DistributedApplicationOperation Operation(IConfiguration configuration) =>
        configuration["AppHost:Operation"]?.ToUpperInvariant() switch
        {
            null => configuration["Publishing:Publisher"] is null ? DistributedApplicationOperation.Run : DistributedApplicationOperation.Publish,
            "RUN" => DistributedApplicationOperation.Run,
            "PUBLISH" => DistributedApplicationOperation.Publish,
            var other => throw new DistributedApplicationException($"'--operation {other}' is not known. It is run or publish."),
        };

    public static string? UserSecretsId(IConfiguration configuration, Assembly? appHost) =>
        configuration["ASPIRE_USER_SECRETS_ID"] ?? appHost?.GetCustomAttribute<UserSecretsIdAttribute>()?.UserSecretsId;

    /// <summary>In every environment, not in Development alone: a cluster's generated id must not change with it.</summary>
    public static void AddUserSecrets(ConfigurationManager configuration, string? id, string[]? args)
    {
        if (id is null) return;
        configuration.AddUserSecrets(id, reloadOnChange: false);
        configuration.AddEnvironmentVariables();
        configuration.AddCommandLine(WithValues(args), Switches);
    }

    /// <summary>A bare switch such as --demo would take the next switch for its value.</summary>
    private static string[] WithValues(string[]? args) =>
        [.. (args ?? []).Where((arg, i) => !IsSwitch(arg) || arg.Contains('=') || (i + 1 < args!.Length && !IsSwitch(args[i + 1])))];

    private static bool IsSwitch(string arg) => arg.StartsWith("--", StringComparison.Ordinal);
}
