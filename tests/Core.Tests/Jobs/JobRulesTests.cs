using Platform.Core.Jobs;
using Platform.Core.Results;

namespace Platform.Core.Tests.Jobs;

public sealed class JobRulesTests
{
    private static readonly JobSpec Good = new("digits", null, new("csv"), new("parquet"), 32, 1, 0);

    [Fact]
    public void Check_WhatIsLeftOut_GetsItsDefault()
    {
        Assert.True(JobRules.Check(new("digits", Input: new("jsonl"))).Succeeded(out var config, out _));
        Assert.Equal(new JobConfig("digits", null, "jsonl", null, "jsonl", null, JobRules.DefaultPriority, null), config);
    }

    [Fact]
    public void Check_Everything_IsKept()
    {
        Assert.True(JobRules.Check(Good with { Version = "^1.2", Input = new("csv", "dataset:test.v1") }).Succeeded(out var config, out _));
        Assert.Equal(new JobConfig("digits", "^1.2", "csv", "dataset:test.v1", "parquet", 32, 1, 0), config);
    }

    public static TheoryData<string, JobSpec> Bad => new()
    {
        { "model", Good with { Model = null } },
        { "model", Good with { Model = "No Such Name" } },
        { "version", Good with { Version = "" } },
        { "version", Good with { Version = new('1', 257) } },
        { "input.format", Good with { Input = null } },
        { "input.format", Good with { Input = new(null) } },
        { "input.format", Good with { Input = new("CSV") } },
        { "input.uri", Good with { Input = new("csv", "/etc/passwd") } },
        { "input.uri", Good with { Input = new("csv", "file:///etc/passwd") } },
        { "input.uri", Good with { Input = new("csv", "http://169.254.169.254/latest") } },
        { "input.uri", Good with { Input = new("csv", "dataset:../x") } },
        { "input.uri", Good with { Input = new("csv", "sha256:" + new string('A', 64)) } },
        { "input.uri", Good with { Input = new("csv", $"sha256:{new string('a', 64)}\n") } },
        { "output.format", Good with { Output = new("idx") } },
        { "batch_size", Good with { BatchSize = 0 } },
        { "batch_size", Good with { BatchSize = JobRules.MaxBatchSize + 1 } },
        { "priority", Good with { Priority = 0 } },
        { "priority", Good with { Priority = 10 } },
        { "max_failed_rows", Good with { MaxFailedRows = -1 } },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Check_WhatIsWrong_IsNamed(string field, JobSpec spec)
    {
        var refusal = JobRules.Check(spec).Refusal;
        Assert.Equal((RefusalReason.Invalid, field), (refusal?.Reason, refusal?.Field));
    }

    [Theory]
    [InlineData("bytes 0-9/10", 0, 9, 10L, true)]
    [InlineData("bytes 10-19/100", 10, 19, 100L, false)]
    [InlineData("bytes 5-5/*", 5, 5, null, false)]
    public void Range_AsRfc9110HasIt_IsRead(string text, long first, long last, long? total, bool isLast)
    {
        var range = InputRange.Parse(text)!;
        Assert.Equal((new InputRange(first, last, total), last - first + 1, isLast), (range, range.Length, range.IsLast));
    }

    [Theory]
    [InlineData("")]
    [InlineData("bytes")]
    [InlineData("bytes 0-9")]
    [InlineData("items 0-9/10")]
    [InlineData("bytes 9-0/10")]
    [InlineData("bytes 0-10/10")]
    [InlineData("bytes -1-9/10")]
    [InlineData("bytes 0-9/ten")]
    [InlineData("bytes */10")]
    [InlineData("bytes 0-99999999999999999999/*")]
    public void Range_AnythingElse_IsNone(string text) => Assert.Null(InputRange.Parse(text));
}
