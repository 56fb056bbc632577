using CsCheck;
using Platform.Core.Jobs;

namespace Platform.Core.Tests.Jobs;

public sealed class JobMachineTests
{
    private static readonly JobFacts Nothing = new(false, null, null);
    private static readonly JobProgress AllDone = new(30, 28, 2, 3, 3);

    [Fact]
    public void Job_FromItsInputToItsOutput_TakesOneStepAtATime()
    {
        var job = JobSamples.Created();
        Assert.Equal((JobPhase.AwaitingInput, JobStep.None), Next(ref job, Nothing));
        Assert.Equal((JobPhase.Queued, JobStep.None), Next(ref job, new(true, null, null)));
        Assert.Equal((JobPhase.Queued, JobStep.FixVersion), Next(ref job, new(true, null, null)));
        job = job.Start(JobSamples.Version, JobSamples.Start);
        Assert.Equal((JobPhase.Running, JobStep.OfferInput), Next(ref job, new(true, null, null)));
        Assert.Equal((JobPhase.Running, JobStep.None), Next(ref job, new(true, JobProgress.None, null)));
        // Every shard so far is done, but the input is not read to its end.
        Assert.Equal((JobPhase.Running, JobStep.None), Next(ref job, new(true, AllDone with { RowsTotal = null }, null)));
        Assert.Equal((JobPhase.Running, JobStep.OfferFinish), Next(ref job, new(true, AllDone, null)));
        Assert.Equal((JobPhase.Succeeded, JobStep.None), Next(ref job, new(true, AllDone with { Output = "o" }, null)));
        Assert.Equal((JobReason.Completed, AllDone with { Output = "o" }), (job.Reason, job.Progress));
        Assert.Equal((JobPhase.Succeeded, JobStep.Release), Next(ref job, Nothing));
        job = job with { Released = true };
        Assert.Equal((JobPhase.Succeeded, JobStep.None), Next(ref job, Nothing));
    }

    [Theory]
    [InlineData(2L, 2, false)]
    [InlineData(2L, 3, true)]
    [InlineData(0L, 1, true)]
    [InlineData(0L, 0, false)]
    [InlineData(null, 1_000_000, false)]
    public void FailedRows_BeyondWhatMay_EndTheJob(long? most, int failed, bool ends)
    {
        var job = JobSamples.Running(JobSamples.Config with { MaxFailedRows = most });
        var (phase, _) = Next(ref job, new(true, JobProgress.None with { RowsFailed = failed }, null));
        Assert.Equal(ends ? (JobPhase.Failed, JobReason.TooManyFailedRows) : (JobPhase.Running, JobReason.RowsPending), (phase, job.Reason));
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void ShardsAside_BeyondWhatMay_EndTheJobBeforeItCostsMoreWorkers(int aside, bool ends)
    {
        var job = JobSamples.Running();
        var (phase, _) = Next(ref job, new(true, JobProgress.None with { ShardsAside = aside }, null));
        Assert.Equal(ends ? (JobPhase.Failed, JobReason.WorkersLost) : (JobPhase.Running, JobReason.RowsPending), (phase, job.Reason));
    }

    [Fact]
    public void Fault_OfTheInput_EndsTheJobWithRowAndColumn()
    {
        var job = JobSamples.Running();
        var fault = new JobFault(JobReason.InputInvalid, "It is no number.", 7, "image[3]");
        Assert.Equal((JobPhase.Failed, JobStep.None), Next(ref job, new(true, JobProgress.None with { Fault = fault }, null)));
        Assert.Equal((fault, JobReason.InputInvalid, fault.Detail), (job.Fault, job.Reason, job.Detail));
    }

    [Fact]
    public void Version_ThatNoWorkerCanLoad_EndsTheJob()
    {
        var job = JobSamples.Running();
        Assert.Equal((JobPhase.Failed, JobStep.None), Next(ref job, new(true, JobProgress.None, "No such operator.")));
        Assert.Equal((JobReason.VersionUnusable, "No such operator."), (job.Reason, job.Detail));
    }

    [Fact]
    public void Input_ThatDoesNotCome_EndsTheJobAfterItsTimeOnly()
    {
        var job = JobSamples.Created();
        Assert.Same(job, JobMachine.Decide(job, Nothing, JobSamples.Limits, JobSamples.Start + JobSamples.InputWait).Next);
        var late = JobMachine.Decide(job, Nothing, JobSamples.Limits, JobSamples.Start + JobSamples.InputWait + TimeSpan.FromTicks(1)).Next;
        Assert.Equal((JobPhase.Failed, JobReason.InputNotSent), (late.Phase, late.Reason));
    }

    [Fact]
    public void Decide_WhateverIsKnown_NeverLeavesAnEndAndNeverFixesAVersionTwice() =>
        Gen.Select(GenFacts.Array[1, 30], Gen.Int[0, 20]).Sample((facts, cancelAt) =>
        {
            var (job, now) = (JobSamples.Created(JobSamples.Config with { MaxFailedRows = 5 }), JobSamples.Start);
            var fixedTimes = 0;
            for (var i = 0; i < facts.Length; i++)
            {
                now += TimeSpan.FromMinutes(5);
                var before = job;
                if (i == cancelAt && !job.HasEnded) job = job.Cancel("ann", now, null);
                var decision = JobMachine.Decide(job, facts[i], JobSamples.Limits, now);
                if (job.HasEnded) Assert.Same(job, decision.Next);
                if (decision.Next.HasEnded) Assert.NotNull(decision.Next.EndedAt);
                job = decision.Next;
                if (decision.Step is JobStep.FixVersion)
                {
                    fixedTimes++;
                    job = job.Start(JobSamples.Version, now);
                }

                if (decision.Step is JobStep.Release) job = job with { Released = true };
                // One who forgot what he decided decides the same again.
                if (decision.Step is JobStep.None && ReferenceEquals(before, job)) Assert.Equal(decision, JobMachine.Decide(job, facts[i], JobSamples.Limits, now));
            }

            Assert.True(fixedTimes <= 1);
        });

    private static readonly Gen<JobFacts> GenFacts =
        from complete in Gen.Bool
        from hasProgress in Gen.Bool
        from failed in Gen.Int[0, 8]
        from shards in Gen.Int[0, 3]
        from done in Gen.Int[0, 3]
        from output in Gen.Int[0, 4]
        from failure in Gen.Int[0, 9]
        select new JobFacts(
            complete, hasProgress ? new JobProgress(done > 1 ? 9 : null, 1, failed, shards, Math.Min(done, shards), null, output == 0 ? "o" : null) : null,
            failure == 0 ? "broken" : null);

    private static (JobPhase Phase, JobStep Step) Next(ref JobState job, JobFacts facts)
    {
        var decision = JobMachine.Decide(job, facts, JobSamples.Limits, JobSamples.Start);
        job = decision.Next;
        return (job.Phase, decision.Step);
    }
}
