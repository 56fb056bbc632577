using Orleans.Runtime;
using Platform.Contracts;
using Platform.Contracts.Privacy;
using Platform.Core.Audit;
using Platform.Core.Privacy;
using Platform.Core.Quality;
using Platform.Core.Serving;
using Platform.SharedState.Audit;
using Platform.SharedState.Privacy;
using Platform.SharedState.Sealing;
using Platform.Tests;

namespace Platform.Silo.Tests.Privacy;

[Collection(nameof(FlakyStorage))] // They tell the one storage what to fail.
public sealed class ErasureTests(Cluster cluster)
{
    private readonly string prefix = Guid.NewGuid().ToString("n");

    private SealedStores Stores => new(cluster.Redis, TimeProvider.System, cluster.Service<DataSeal>());

    private string Subject => Stores.Vault.NameOf($"ann-{prefix}");

    private IErasureGrain Grain => cluster.Grain<IErasureGrain>(Subject);

    private ErasureRequest Request => new([Subject], "root", "admin", "r-1");

    [Fact]
    public async Task Erasure_RemovesWhatIsHeld_AndItsReceiptIsSignedAndInTheLog()
    {
        await SaveAsync("a", "b");

        var receipt = await Grain.EraseAsync(Request);

        Assert.Equal(new ErasedCounts(Predictions: 2), receipt.Erased);
        Assert.Empty(await Stores.Predictions.LoadAsync([Id("a"), Id("b")]));
        Assert.Equal(receipt.ToText(), SignedNote.Open(receipt.Note, ErasureReceipt.NameOf, cluster.Service<AuditKeys>().Trusted));
        Assert.Null(SignedNote.Open(receipt.Note.Replace("predictions 2", "predictions 1", StringComparison.Ordinal), ErasureReceipt.NameOf, cluster.Service<AuditKeys>().Trusted));
        var entry = AuditEncoding.Decode((await cluster.Service<AuditSearch>().ReadAsync(receipt.AuditEntry))!)!;
        Assert.Equal(("root", "privacy.erased", $"privacy/erasures/{receipt.Id:n}"), (entry.Actor, entry.Action, entry.Resource));
        Assert.True((await cluster.Service<AuditVerification>().RunAsync(0, TestContext.Current.CancellationToken)).Valid);
        Assert.Equal(receipt, await cluster.Service<ErasureStore>().FindAsync(receipt.Id));
        Assert.Empty(await cluster.RemindersAsync(Grain));
    }

    [Fact]
    public async Task Erasure_OfSomebodyElse_TouchesNobody()
    {
        await SaveAsync("a");

        var receipt = await cluster.Grain<IErasureGrain>(Stores.Vault.NameOf($"bob-{prefix}")).EraseAsync(
            Request with { Subjects = [Stores.Vault.NameOf($"bob-{prefix}")] });

        Assert.Equal(new ErasedCounts(), receipt.Erased);
        Assert.Single(await Stores.Predictions.LoadAsync([Id("a")]));
    }

    [Fact]
    public async Task Erasure_AskedAgain_ErasesWhatCameSince()
    {
        await SaveAsync("a");
        var first = await Grain.EraseAsync(Request);
        await SaveAsync(TimeProvider.System.GetUtcNow() + ErasureRules.ClockTolerance + TimeSpan.FromSeconds(2), "b");
        Assert.Single(await Stores.Predictions.LoadAsync([Id("b")]));

        var second = await Grain.EraseAsync(Request);

        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal((1, 1), (first.Erased.Predictions, second.Erased.Predictions));
        Assert.Empty(await Stores.Predictions.LoadAsync([Id("b")]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Erasure_ThatDiedInTheMiddle_IsCompletedByItsReminder(bool wasCounted)
    {
        await SaveAsync("a", "b");
        var open = new OpenErasure(Guid.CreateVersion7(), Request, TimeProvider.System.GetUtcNow(), wasCounted ? new ErasedCounts(Predictions: 2) : null);
        if (wasCounted)
        {
            // As far as the silo came: the key is gone, and the first of the records.
            await Stores.Vault.ShredAsync(Subject, open.At);
            var first = SubjectRecord.Parse((await cluster.Redis.GetDatabase().SortedSetRangeByRankAsync($"subject:{Subject}:records"))[0]!);
            await cluster.Redis.GetDatabase().KeyDeleteAsync($"prediction:{first.Name}");
        }

        await cluster.Service<ErasureStore>().OpenAsync(open.Id, open.At);
        await cluster.Storage.WriteStateAsync("erasure", Grain.GetGrainId(), new GrainState<ErasureState>(new() { Open = open }));

        await Cluster.RemindAsync(Grain, "erase");

        var receipt = await cluster.Service<ErasureStore>().FindAsync(open.Id);
        Assert.Equal(2, receipt!.Erased.Predictions);
        Assert.Empty(await Stores.Predictions.LoadAsync([Id("a"), Id("b")]));
        Assert.DoesNotContain(open.Id, await cluster.Service<ErasureStore>().ListOpenAsync(1000));
        var entries = await cluster.Service<AuditSearch>().FindAsync(
            new AuditFilter(null, "privacy.erased", $"privacy/erasures/{open.Id:n}", null, null), 10, null, TestContext.Current.CancellationToken);
        Assert.Equal(receipt.AuditEntry, Assert.Single(entries.Items).Index);
    }

    [Fact]
    public async Task Erasure_ThatCannotBeWrittenDown_IsRefusedAndErasesNothing()
    {
        await SaveAsync("a");
        cluster.Storage.Fail(Subject);
        try
        {
            await Assert.ThrowsAsync<ControlPlaneUnavailableException>(() => Grain.EraseAsync(Request));
        }
        finally
        {
            cluster.Storage.Mend(Subject);
        }

        Assert.Single(await Stores.Predictions.LoadAsync([Id("a")]));
        // Its reminder finds nothing that was begun, and goes.
        Assert.Single(await cluster.RemindersAsync(Grain));
        await Cluster.RemindAsync(Grain, "erase");
        Assert.Empty(await cluster.RemindersAsync(Grain));
        Assert.Single(await Stores.Predictions.LoadAsync([Id("a")]));
    }

    private string Id(string request) => $"{prefix}-{request}";

    private Task SaveAsync(params string[] requests) => SaveAsync(TimeProvider.System.GetUtcNow(), requests);

    private async Task SaveAsync(DateTimeOffset at, params string[] requests) => await Stores.Predictions.SaveAsync([.. requests.Select(request => new Prediction(
        Id(request), "m", "1.0.0", "stable", at, at.AddHours(1), new PredictedAnswer(FeedbackKind.Argmax, [new PredictedItem(3, 0.9, true)], []), Subject: Subject))]);
}
