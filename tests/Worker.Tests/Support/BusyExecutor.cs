using Microsoft.Extensions.DependencyInjection;
using Platform.Worker.Inference.Batching;
using Platform.Worker.Serving;

namespace Platform.Worker.Tests.Support;

/// <summary>Holds the worker's one executor until it is disposed of.</summary>
internal sealed class BusyExecutor : IDisposable
{
    private readonly WorkerHost host;
    private bool held;

    public BusyExecutor(WorkerHost host)
    {
        this.host = host;
        held = host.Services.GetRequiredService<ExecutorSlots>().TryTake();
        Assert.True(held, "The executor was not free.");
    }

    public void Dispose()
    {
        if (!held) return;
        held = false;
        host.Services.GetRequiredService<ExecutorSlots>().Release();
        host.Services.GetRequiredService<WaitingLine>().Dispatch();
    }
}
