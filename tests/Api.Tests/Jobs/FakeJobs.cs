using System.Collections.Concurrent;
using System.Reflection;
using Platform.Api.Tests.Audit;
using Platform.Contracts.Audit;
using Platform.Contracts.Jobs;
using Platform.Core.Jobs;
using Platform.Core.Results;
using Platform.SharedState.Jobs;
using Platform.Tests;

namespace Platform.Api.Tests.Jobs;

/// <summary>A control plane that has the audit log and jobs, which nobody works on.</summary>
public class FakeJobs : DispatchProxy
{
    private readonly FakeLog log = new();
    private readonly ConcurrentDictionary<string, FakeJob> jobs = new();
    private RedisServer redis = null!;

    public static IClusterClient Over(RedisServer redis)
    {
        var cluster = Create<IClusterClient, FakeJobs>();
        ((FakeJobs)(object)cluster).redis = redis;
        return cluster;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod?.ReturnType == typeof(IAuditGrain) ? log
        : targetMethod?.ReturnType == typeof(IJobGrain) ? jobs.GetOrAdd((string)args![0]!, id => new FakeJob(id, redis))
        : throw new NotSupportedException($"{targetMethod}");

    private sealed class FakeJob(string id, RedisServer redis) : IJobGrain
    {
        private readonly JobInputStore inputs = new(redis.Connection);
        private JobState? job;

        public Orleans.Runtime.GrainId GrainId { get; } = Orleans.Runtime.GrainId.Create("job", id);

        public async Task<Outcome<JobView>> CreateAsync(JobConfig config, string actor)
        {
            job = JobState.Create(id, config, null, actor, DateTimeOffset.UnixEpoch);
            await new JobIndex(redis.Connection).AddAsync(id, config.Model);
            return await ViewAsync();
        }

        public async Task<JobView?> GetAsync() => job is null ? null : await ViewAsync();

        public async Task<Outcome<JobView>> InputArrivedAsync()
        {
            job = job!.Enqueue();
            return await ViewAsync();
        }

        public async Task<Outcome<JobView>> CancelAsync(string actor)
        {
            job = job!.Cancel(actor, DateTimeOffset.UnixEpoch, null);
            return await ViewAsync();
        }

        public Task<bool> ForgetAsync(DateTimeOffset? endedBefore) => throw new NotSupportedException("No route forgets a job.");

        private async Task<JobView> ViewAsync()
        {
            var input = await inputs.ReadAsync(id);
            return new(job!, null, input.ReceivedBytes, input.Complete, null, null);
        }
    }
}
