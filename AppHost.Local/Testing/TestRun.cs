using System.Reflection;

namespace Aspire.Hosting.Testing;

/// <summary>An AppHost program run inside a test: it runs on a thread of its own, up to its Build and no further.</summary>
internal sealed class TestRun(Assembly appHost, string[] args)
{
    private static readonly AsyncLocal<TestRun?> Here = new();

    private readonly TaskCompletionSource<DistributedApplicationBuilder> builder = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> application = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource mayBuild = new();

    public static TestRun? Current => Here.Value;

    public Task<DistributedApplicationBuilder> StartAsync()
    {
        new Thread(RunEntryPoint) { IsBackground = true, Name = $"{appHost.GetName().Name}.EntryPoint" }.Start();
        return builder.Task;
    }

    public Task<DistributedApplication> BuildAsync()
    {
        mayBuild.TrySetResult();
        return application.Task;
    }

    public void Configure(DistributedApplicationOptions options) => TestDefaults.Apply(options, appHost, args);

    public void OnBuilding(DistributedApplicationBuilder built)
    {
        builder.TrySetResult(built);
        // Until the test has looked at the resources, and perhaps changed them.
        Task.WaitAll(mayBuild.Task);
    }

    public void OnBuilt(DistributedApplication built)
    {
        application.TrySetResult(built);
        // From here the test runs the application; the program's own Run would do so a second time.
        throw new EntryPointLeftException();
    }

    private void RunEntryPoint()
    {
        Here.Value = this;
        try
        {
            var entryPoint = appHost.EntryPoint ?? throw new InvalidOperationException($"{appHost.GetName().Name} has no entry point.");
            entryPoint.Invoke(null, entryPoint.GetParameters().Length == 0 ? [] : [args]);
            Fail(new InvalidOperationException($"The entry point exited without building a {nameof(DistributedApplication)}."));
        }
        catch (TargetInvocationException e) when (e.InnerException is EntryPointLeftException)
        {
            // As intended.
        }
        catch (TargetInvocationException e)
        {
            Fail(e.InnerException ?? e);
        }
        catch (InvalidOperationException e)
        {
            Fail(e);
        }
    }

    private void Fail(Exception reason)
    {
        builder.TrySetException(reason);
        application.TrySetException(reason);
    }

    private sealed class EntryPointLeftException : Exception;
}
