using Platform.Core.Batching;

namespace Platform.Core.Tests.Batching;

public sealed class BatcherTests
{
    private static readonly TimeSpan Far = TimeSpan.FromSeconds(5);
    private static readonly BatchLimits Plain = new(8, 8, TimeSpan.Zero, default);
    private static readonly BatchLimits Delayed = new(8, 8, Ms(2), new[] { 4 });
    private readonly Batcher<string> batcher = new();

    [Fact]
    public void Form_NothingQueued_IsEmpty() => Assert.Equal(BatchReason.Empty, Form(Plain).Reason);

    [Fact]
    public void Form_NoExecutorIdle_WakesForTheFirstDeadline()
    {
        Add("a", deadline: Ms(30));
        Add("b", deadline: Ms(20));
        var decision = Form(Plain, idle: 0);
        Assert.Equal((BatchReason.NoIdleExecutor, Ms(20)), (decision.Reason, decision.NextWake));
    }

    [Fact]
    public void Form_WithoutDelay_TakesWhatIsQueued()
    {
        foreach (var name in (string[])["a", "b", "c"]) Add(name);
        Assert.Equal((BatchReason.QueueTaken, "a b c"), Taken(Form(Plain)));
        Assert.True(batcher.IsEmpty);
    }

    [Fact]
    public void Form_TwoIdle_TakesHalfRoundedUp()
    {
        foreach (var name in (string[])["a", "b", "c", "d", "e"]) Add(name);
        Assert.Equal((BatchReason.QueueShared, "a b c"), Taken(Form(Plain, idle: 2)));
        Assert.Equal((BatchReason.QueueTaken, "d e"), Taken(Form(Plain)));
    }

    [Fact]
    public void Form_MoreThanTheTarget_StopsThere()
    {
        foreach (var name in (string[])["a", "b", "c"]) Add(name, size: 3);
        Assert.Equal((BatchReason.TargetReached, "a b"), Taken(Form(Plain)));
    }

    [Fact]
    public void Form_TargetOfOne_RunsEachAsItCame()
    {
        Add("a", size: 5);
        Add("b");
        Assert.Equal((BatchReason.TargetReached, "a"), Taken(Form(Plain with { Target = 1 })));
    }

    [Fact]
    public void Form_OtherShapes_DoNotShare()
    {
        Add("a", shape: new([3, 32]));
        Add("b", shape: new([3, 32]));
        Add("c", shape: new([3, 64]));
        Add("d", shape: new([3, 32]));
        Assert.Equal((BatchReason.ShapeDiffers, "a b"), Taken(Form(Plain)));
        Assert.Equal((BatchReason.ShapeDiffers, "c"), Taken(Form(Plain)));
    }

    [Fact]
    public void Form_HigherPriority_GoesFirst()
    {
        Add("last", level: PriorityLevels.Lowest);
        Add("middle", level: PriorityLevels.Default);
        Add("first", level: PriorityLevels.Highest);
        Assert.Equal((BatchReason.QueueTaken, "first middle last"), Taken(Form(Plain)));
    }

    [Fact]
    public void Form_LargerThanABatch_IsSplitOverIdleExecutors()
    {
        Add("a", size: 20);
        var parts = new[] { Form(Plain), Form(Plain), Form(Plain) };
        Assert.Equal([(0, 8), (8, 8), (16, 4)], parts.Select(part => (part.Batch[0].First, part.Batch[0].Count)));
        Assert.Equal(BatchReason.RequestSplit, parts[0].Reason);
        Add("b", size: 9);
        Assert.Equal(3, Form(Plain, idle: 3).Batch[0].Count);
    }

    [Fact]
    public void Form_DelayConfigured_HoldsUntilItElapses()
    {
        Add("a");
        var held = Form(Delayed);
        Assert.Equal((BatchReason.DelayNotElapsed, Ms(2)), (held.Reason, held.NextWake));
        Assert.Empty(held.Batch);
        Assert.Equal((BatchReason.DelayElapsed, "a"), Taken(Form(Delayed, now: Ms(2))));
    }

    [Fact]
    public void Form_PreferredSizeReached_SendsExactlyThatMany()
    {
        foreach (var name in (string[])["a", "b", "c", "d", "e"]) Add(name);
        Assert.Equal((BatchReason.PreferredReached, "a b c d"), Taken(Form(Delayed)));
        Assert.Equal(BatchReason.DelayNotElapsed, Form(Delayed).Reason);
    }

    [Fact]
    public void Form_DeadlineBeforeTheDelayEnds_DoesNotWait()
    {
        Add("a", deadline: Ms(1));
        Assert.Equal((BatchReason.DeadlineNear, "a"), Taken(Form(Delayed)));
    }

    [Fact]
    public void Form_TimeUp_IsTakenOutAndNotRun()
    {
        Add("late", deadline: Ms(5));
        Add("early");
        var decision = Form(Plain, now: Ms(5));
        Assert.Equal("late", Assert.Single(decision.Expired).Item);
        Assert.Equal("early", Taken(decision).Items);
    }

    [Fact]
    public void Admit_Full_RefusesUnlessOneOfLowerPriorityGivesItsPlace()
    {
        Add("a");
        Add("b");
        Assert.Equal(AdmissionReason.QueueFull, batcher.Admit(Request("c"), 2, default).Reason);
        var admission = batcher.Admit(Request("urgent", level: PriorityLevels.Highest), 2, default);
        Assert.Equal((AdmissionReason.AcceptedInPlace, "b"), (admission.Reason, admission.Displaced!.Item));
        Assert.Equal("urgent a", Taken(Form(Plain)).Items);
    }

    [Fact]
    public void Admit_TimeUpAlready_IsRefused() =>
        Assert.Equal(AdmissionReason.Expired, batcher.Admit(Request("a", deadline: Ms(1)), 2, Ms(1)).Reason);

    [Fact]
    public void Admit_MoreWaitsThanTheDeadlineAllows_IsRefusedAtOnce()
    {
        Keep(taking: 10, everyMs: 10, waiting: 12);
        var now = Ms(100);
        Assert.Equal(Ms(120), batcher.WaitAt(PriorityLevels.Default));
        Assert.Equal(AdmissionReason.WouldExpire, batcher.Admit(Request("late", deadline: now + Ms(150)), 100, now).Reason);
        Assert.Equal(AdmissionReason.Accepted, batcher.Admit(Request("patient", deadline: now + Ms(170)), 100, now).Reason);
    }

    [Fact]
    public void Admit_MoreWaitsThanTheDeadlineAllows_TakesOneOfHigherPriority()
    {
        Keep(taking: 10, everyMs: 10, waiting: 12);
        var now = Ms(100);
        Assert.Equal(AdmissionReason.Accepted, batcher.Admit(Request("urgent", level: PriorityLevels.Highest, deadline: now + Ms(20)), 100, now).Reason);
        Assert.Equal(AdmissionReason.WouldExpire, batcher.Admit(Request("usual", deadline: now + Ms(20)), 100, now).Reason);
    }

    [Fact]
    public void Admit_NothingKnownOfThePace_TakesIt()
    {
        Keep(taking: 4, everyMs: 10, waiting: 12);
        Assert.Equal(AdmissionReason.Accepted, batcher.Admit(Request("a", deadline: Ms(41)), 100, Ms(40)).Reason);
    }

    [Fact]
    public void WaitAt_RequestsAreHeldBackForOthersToCome_DoesNotCountTheDelay()
    {
        for (var i = 0; i < 40; i++)
        {
            foreach (var name in (string[])["a", "b", "c", "d", "left over"]) batcher.Admit(new(name, 1, ShapeKey.Fixed, PriorityLevels.Default, Ms(i), Far), 100, Ms(i));
            batcher.Form(Ms(i), 1, Delayed);
            Assert.Equal(BatchReason.DelayNotElapsed, batcher.Form(Ms(i), 1, Delayed).Reason);
            batcher.Form(Ms(i + 2), 1, Delayed);
        }

        Add("a");
        Assert.Equal(TimeSpan.Zero, batcher.WaitAt(PriorityLevels.Default));
    }

    /// <summary>So many batches of one are taken, one each so many milliseconds, and so many requests are left.</summary>
    private void Keep(int taking, int everyMs, int waiting)
    {
        for (var i = 0; i < taking + waiting; i++) Add($"{i}");
        for (var i = 1; i <= taking; i++) batcher.Form(Ms(i * everyMs), 1, Plain with { Target = 1 });
    }

    [Theory]
    [InlineData(0ul, PriorityLevels.Default), InlineData(1ul, 1), InlineData(9ul, 9), InlineData(ulong.MaxValue, 9)]
    public void PriorityLevels_Of_IsBounded(ulong priority, int level) => Assert.Equal(level, PriorityLevels.Of(priority));

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static (BatchReason Reason, string Items) Taken(BatchDecision<string> decision) =>
        (decision.Reason, string.Join(' ', decision.Batch.Select(slice => slice.Request.Item)));

    private BatchDecision<string> Form(BatchLimits limits, int idle = 1, TimeSpan now = default) => batcher.Form(now, idle, limits);

    private void Add(string item, int size = 1, ShapeKey? shape = null, int level = PriorityLevels.Default, TimeSpan? deadline = null) =>
        Assert.Equal(AdmissionReason.Accepted, batcher.Admit(Request(item, size, shape, level, deadline), 100, default).Reason);

    private static QueuedRequest<string> Request(
        string item, int size = 1, ShapeKey? shape = null, int level = PriorityLevels.Default, TimeSpan? deadline = null) =>
        new(item, size, shape ?? ShapeKey.Fixed, level, default, deadline ?? Far);
}
