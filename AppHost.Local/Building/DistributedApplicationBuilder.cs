using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Parameters;
using Aspire.Hosting.Running;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder inner;
    private readonly DistributedApplicationOptions options;

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        this.options = options;
        TestRun.Current?.Configure(options);
        AppHostDirectory = options.ProjectDirectory ?? options.Metadata("AppHostProjectPath") ?? Directory.GetCurrentDirectory();
        inner = AppHostConfiguration.CreateHost(options, AppHostDirectory);
        var secretsId = AppHostConfiguration.UserSecretsId(inner.Configuration, options.Assembly);
        ExecutionContext = new(AppHostConfiguration.Operation(inner.Configuration));
        if (ExecutionContext.IsRunMode) AppHostConfiguration.AddUserSecrets(inner.Configuration, secretsId, options.Args);
        Secrets = new UserSecrets(secretsId);
        AddServices();
    }

    public ConfigurationManager Configuration => inner.Configuration;

    public string AppHostDirectory { get; }

    public Assembly? AppHostAssembly => options.Assembly;

    public IHostEnvironment Environment => inner.Environment;

    public IServiceCollection Services => inner.Services;

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public IResourceCollection Resources { get; } = new ResourceCollection();

    internal UserSecrets Secrets { get; }

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        TestRun.Current?.OnBuilding(this);
        var application = new DistributedApplication(inner.Build());
        TestRun.Current?.OnBuilt(application);
        return application;
    }

    private void AddServices()
    {
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(new DistributedApplicationModel(Resources));
        Services.AddSingleton(Secrets);
        Services.AddHttpClient();
        Services.AddRunner(this, options);
    }
}
