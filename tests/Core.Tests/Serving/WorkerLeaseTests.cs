using Platform.Core.Serving;
using static Platform.Core.Tests.Serving.ServingSamples;

namespace Platform.Core.Tests.Serving;

public sealed class WorkerLeaseTests
{
    [Theory]
    [InlineData(LoadState.Ready, true), InlineData(LoadState.Loading, false), InlineData(LoadState.Failed, false), InlineData(LoadState.Unloading, false)]
    public void IsReady_FollowsTheLoadState(LoadState state, bool ready) =>
        Assert.Equal(ready, Worker("w", false, Loaded(state)).IsReady("m", "1.0.0", Digest));

    [Theory]
    [InlineData("other", "1.0.0", Digest), InlineData("m", "1.0.1", Digest), InlineData("m", "1.0.0", "bb")]
    public void IsReady_ForAnotherModelVersionOrContent_IsFalse(string model, string version, string sha256) =>
        Assert.False(Worker("w", false, Loaded(LoadState.Ready)).IsReady(model, version, sha256));

    [Fact]
    public void IsReady_WhileDraining_IsFalse() =>
        Assert.False(Worker("w", draining: true, Loaded(LoadState.Ready)).IsReady("m", "1.0.0", Digest));

    [Fact]
    public void IsReady_WithAnOldContentBesideTheNew_IsTrue() => Assert.True(
        Worker("w", false, Loaded(LoadState.Unloading, sha256: "old"), Loaded(LoadState.Ready)).IsReady("m", "1.0.0", Digest));
}
