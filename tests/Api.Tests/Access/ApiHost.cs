using System.Reflection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Tests;

namespace Platform.Api.Tests.Access;

/// <summary>The whole Api as Program.cs builds it, with a Redis of the test's and nobody behind the control plane.</summary>
internal sealed class ApiHost(RedisServer redis, params (string Key, string Value)[] settings) : WebApplicationFactory<Program>
{
    public const string AdminKey = "an-admin-key-of-more-than-32-characters-for-tests";
    public const string InternalKey = "an-internal-key-of-more-than-32-characters-for-tests";

    /// <summary>Where clients ask; without ports of its own any will do.</summary>
    public Uri Address { get; init; } = new("http://localhost");

    /// <summary>What stands behind the control plane; nobody does when it is null.</summary>
    public IClusterClient? Cluster { get; init; }

    /// <summary>A client that shows that credential; none when it is null.</summary>
    public HttpClient NewClient(string? credential)
    {
        var client = CreateClient(new() { AllowAutoRedirect = false, BaseAddress = Address });
        if (credential is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", credential);
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        foreach (var (key, value) in ((string, string)[])
        [
            ("ConnectionStrings:redis", redis.ConnectionString),
            ("Access:AdminKey", AdminKey),
            ("Access:InternalKey", InternalKey),
            ("Draining:Delay", "00:00:00"),
            ("Artifacts:Folder", Path.Combine(Path.GetTempPath(), "platform-api-tests")),
            ("Artifacts:PlatformKey", "a-platform-key-of-more-than-32-characters-for-tests"),
            .. settings,
        ])
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders());
        builder.ConfigureTestServices(services =>
        {
            // Orleans' client would wait for a silo before the Api starts.
            foreach (var hosted in services.Where(IsOrleans).ToArray()) services.Remove(hosted);
            services.AddSingleton(_ => Cluster ?? DispatchProxy.Create<IClusterClient, NoControlPlane>());
        });
    }

    private static bool IsOrleans(ServiceDescriptor service) =>
        service.ServiceType == typeof(IHostedService)
        && (service.ImplementationType ?? service.ImplementationFactory?.Method.DeclaringType)?.Assembly.GetName().Name?.StartsWith("Orleans", StringComparison.Ordinal) is true;
}
