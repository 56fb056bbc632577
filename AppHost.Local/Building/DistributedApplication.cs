using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Publishing;
using Aspire.Hosting.Reporting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

public class DistributedApplication(IHost host) : IHost, IAsyncDisposable
{
    public IServiceProvider Services => host.Services;

    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(new() { Args = args });

    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    public virtual Task StartAsync(CancellationToken cancellationToken = default) => host.StartAsync(cancellationToken);

    public virtual Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);

    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (Services.GetRequiredService<DistributedApplicationExecutionContext>().IsPublishMode)
            await Services.GetRequiredService<ManifestPublisher>().PublishAsync(cancellationToken);
        else
            await RunHostAsync(cancellationToken);
    }

    /// <summary>Ends with exit code 1 and one line of reason when the application cannot start, without a stack trace.</summary>
    public void Run()
    {
        try
        {
            Task.WaitAll(RunAsync());
        }
        catch (AggregateException e) when (e.InnerException is DistributedApplicationException reason)
        {
            Failure.Print(reason);
            Environment.ExitCode = 1;
        }
    }

    private async Task RunHostAsync(CancellationToken cancellationToken)
    {
        var stopping = Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await HostingAbstractionsHostExtensions.RunAsync(this, cancellationToken);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Ctrl-C while it was still starting: that is an orderly end as well.
        }
    }

    public virtual void Dispose()
    {
        host.Dispose();
        GC.SuppressFinalize(this);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
