using CsCheck;
using Platform.Core.Batching;

namespace Platform.Core.Tests.Batching;

/// <summary>Any order of arrivals, cancellations, waiting and batches, held against what must always be true.</summary>
public sealed class BatcherProperties
{
    private const int MaxQueue = 12;

    private static readonly Gen<(int Kind, int Size, int Level, int Shape, int Time)> Steps =
        Gen.Select(Gen.Int[0, 9], Gen.Int[1, 20], Gen.Int[1, 9], Gen.Int[0, 2], Gen.Int[0, 30]);

    private static readonly Gen<BatchLimits> Limits =
        from max in Gen.Int[1, 16]
        from target in Gen.Int[1, 16]
        from delay in Gen.Int[0, 3]
        from preferred in Gen.Int[1, 16]
        select new BatchLimits(max, Math.Min(max, target), TimeSpan.FromMilliseconds(delay * 4), new[] { preferred });

    [Fact]
    public void Run_AnySteps_KeepsEveryPromise() => Gen.Select(Steps.Array[1, 120], Limits, Gen.Int[1, 4]).Sample((steps, limits, idle) =>
    {
        var world = new World(limits);
        foreach (var step in steps)
        {
            if (step.Kind < 5) world.Arrive(step.Size, step.Level, step.Shape, 1 + step.Time);
            else if (step.Kind == 5) world.Cancel(step.Time);
            else if (step.Kind == 6) world.Pass(step.Time);
            else world.Form(idle);
        }

        world.Drain();
    });

    private sealed class World(BatchLimits limits)
    {
        private readonly Batcher<int> batcher = new();
        private readonly Dictionary<int, QueuedRequest<int>> open = [];
        private readonly Dictionary<int, int> done = [];
        private TimeSpan now;
        private int next;

        public void Arrive(int size, int level, int shape, int lifeMs)
        {
            var request = new QueuedRequest<int>(
                next++, size, shape == 0 ? null : new ShapeKey([shape]), level, now, now + TimeSpan.FromMilliseconds(lifeMs));
            var admission = batcher.Admit(request, MaxQueue, now);
            if (admission.Displaced is { } displaced)
            {
                Assert.True(displaced.Level > level && !displaced.HasBegun);
                Assert.True(open.Remove(displaced.Item));
            }

            if (admission.IsAccepted) open.Add(request.Item, request);
            else if (admission.Reason is AdmissionReason.WouldExpire) Assert.True(batcher.WaitAt(level) > TimeSpan.Zero);
            else Assert.DoesNotContain(open.Values, other => !other.HasBegun && other.Level > level);
            Assert.InRange(batcher.Waiting, 0, MaxQueue);
        }

        public void Cancel(int which)
        {
            if (open.Count == 0) return;
            var request = open.Values.ElementAt(which % open.Count);
            Assert.True(batcher.Remove(request));
            Assert.False(batcher.Remove(request));
            open.Remove(request.Item);
        }

        public void Pass(int milliseconds) => now += TimeSpan.FromMilliseconds(milliseconds);

        public bool Form(int idle)
        {
            var decision = batcher.Form(now, idle, limits);
            foreach (var expired in decision.Expired)
            {
                Assert.True(expired.Deadline <= now);
                Assert.True(open.Remove(expired.Item));
            }

            if (decision.Batch.Count > 0) Run(decision.Batch);
            else if (open.Count > 0) AssertSleepsRightly(decision);
            Assert.Equal(open.Values.Count(request => !request.HasBegun), batcher.Waiting);
            Assert.Equal(open.Values.Sum(request => (long)request.Remaining), batcher.Items);
            return decision.Batch.Count > 0;
        }

        /// <summary>Sleeping exactly as long as it says brings everyone to an end.</summary>
        public void Drain()
        {
            for (var rounds = 0; open.Count > 0; rounds++)
            {
                Assert.True(rounds < 1_000, "The queue does not empty.");
                if (Form(1) || open.Count == 0) continue;
                now = batcher.Form(now, 1, limits).NextWake!.Value;
            }

            Assert.True(batcher.IsEmpty);
            Assert.Equal((0, 0L), (batcher.Waiting, batcher.Items));
        }

        private void Run(IReadOnlyList<BatchSlice<int>> batch)
        {
            Assert.InRange(batch.Sum(slice => slice.Count), 1, limits.MaxSize);
            foreach (var (request, first, count) in batch)
            {
                Assert.True(request.Deadline > now, "expired work was run");
                Assert.Equal(done.GetValueOrDefault(request.Item), first);
                Assert.True(batch.Count == 1 || (request.Shape is not null && request.Shape.Equals(batch[0].Request.Shape)));
                AssertIsNext(request);
                done[request.Item] = first + count;
                if (first + count == request.Size) Assert.True(open.Remove(request.Item));
            }
        }

        private void AssertIsNext(QueuedRequest<int> request) => Assert.DoesNotContain(
            open.Values, other => other.Level < request.Level || (other.Level == request.Level && other.Item < request.Item));

        private void AssertSleepsRightly(BatchDecision<int> decision)
        {
            Assert.Equal(BatchReason.DelayNotElapsed, decision.Reason);
            Assert.True(decision.NextWake > now);
            Assert.True(decision.NextWake <= open.Values.Min(request => request.Deadline));
        }
    }
}
