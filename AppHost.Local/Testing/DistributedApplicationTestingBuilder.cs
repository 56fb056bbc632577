using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

public static class DistributedApplicationTestingBuilder
{
    /// <summary>Runs the AppHost that the type is from up to its Build; an AppHost's own type is <c>Projects.{name}</c>.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync<TEntryPoint>([], cancellationToken);

    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), args, cancellationToken);

    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync(
        Type entryPoint, string[] args, CancellationToken cancellationToken = default)
    {
        var run = new TestRun(entryPoint.Assembly, args);
        return new TestingBuilder(await run.StartAsync().WaitAsync(cancellationToken), run);
    }

    /// <summary>Without an AppHost program: the test adds the resources itself.</summary>
    public static IDistributedApplicationTestingBuilder Create(params string[] args)
    {
        var options = new DistributedApplicationOptions { Args = args };
        TestDefaults.Apply(options, Assembly.GetCallingAssembly(), args);
        return new TestingBuilder(new DistributedApplicationBuilder(options), run: null);
    }

    private sealed class TestingBuilder(DistributedApplicationBuilder inner, TestRun? run) : IDistributedApplicationTestingBuilder
    {
        private DistributedApplication? application;

        public ConfigurationManager Configuration => inner.Configuration;

        public string AppHostDirectory => inner.AppHostDirectory;

        public Assembly? AppHostAssembly => inner.AppHostAssembly;

        public IHostEnvironment Environment => inner.Environment;

        public IServiceCollection Services => inner.Services;

        public DistributedApplicationExecutionContext ExecutionContext => inner.ExecutionContext;

        public IResourceCollection Resources => inner.Resources;

        public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource => inner.AddResource(resource);

        public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => inner.CreateResourceBuilder(resource);

        public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) =>
            application = run is null ? inner.Build() : await run.BuildAsync().WaitAsync(cancellationToken);

        public DistributedApplication Build() => run is null
            ? application = inner.Build()
            : throw new InvalidOperationException("An AppHost program is built with BuildAsync.");

        public void Dispose() => application?.Dispose();

        public ValueTask DisposeAsync() => application?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}

public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}
