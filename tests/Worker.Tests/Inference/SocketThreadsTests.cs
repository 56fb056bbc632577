using Platform.Worker.Inference.Frames;

namespace Platform.Worker.Tests.Inference;

public sealed class SocketThreadsTests
{
    [Theory]
    [InlineData(0.01, false)]
    [InlineData(0.2, true)]
    [InlineData(null, true)]
    public async Task AreHeldFor_ARun_WhatIsLongOrOfUnknownLengthLeavesAThreadThatIsNoneOfThePool(double? milliseconds, bool isHeld)
    {
        Assert.Equal(isHeld, await OnOwnThreadAsync(() => SocketThreads.AreHeldFor(milliseconds)));
        Assert.False(await Task.Run(() => SocketThreads.AreHeldFor(milliseconds), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(4_096, false)]
    [InlineData(1_000_000, true)]
    public async Task AreHeldBy_ABody_WhatIsLargeLeavesAThreadThatIsNoneOfThePool(long bytes, bool isHeld)
    {
        Assert.Equal(isHeld, await OnOwnThreadAsync(() => SocketThreads.AreHeldBy(bytes)));
        Assert.False(await Task.Run(() => SocketThreads.AreHeldBy(bytes), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Leave_OnAThreadThatIsNoneOfThePool_GoesOnInThePool()
    {
        static async Task<(bool Before, bool After)> LeaveAsync()
        {
            var before = Thread.CurrentThread.IsThreadPoolThread;
            await SocketThreads.Leave();
            return (before, Thread.CurrentThread.IsThreadPoolThread);
        }

        Assert.Equal((false, true), await await OnOwnThreadAsync(LeaveAsync));
    }

    private static Task<T> OnOwnThreadAsync<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
