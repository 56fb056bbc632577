using Platform.Core.Privacy;

namespace Platform.Core.Tests.Privacy;

public sealed class PrivacyTests
{
    [Theory]
    [InlineData(SubjectRecordKind.Prediction, "0123", null)]
    [InlineData(SubjectRecordKind.Unit, "abc|accuracy.before", "digits/checkout")]
    public void Record_IsReadAsItWasWritten(SubjectRecordKind kind, string name, string? of) =>
        Assert.Equal(new SubjectRecord(kind, name, of), SubjectRecord.Parse(new SubjectRecord(kind, name, of).ToString()));

    [Theory]
    [InlineData("ann@example.com", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Subject_IsOfABoundedLength(string? subject, bool isFine) => Assert.Equal(isFine, ErasureRules.Refuse(subject, "subject") is null);

    [Fact]
    public void Subject_ThatIsTooLong_IsRefusedByName()
    {
        Assert.Null(ErasureRules.Refuse(new string('a', ErasureRules.MaxSubjectLength), "subject"));
        Assert.Equal("subject", ErasureRules.Refuse(new string('a', ErasureRules.MaxSubjectLength + 1), "subject")!.Field);
    }

    [Fact]
    public void Receipt_HoldsAllThatItSays()
    {
        var receipt = new ErasureReceipt(Guid.Empty, "0123", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(1), new(3, 2, 4, 1, 6), 77);

        Assert.Equal(
            """
            platform.privacy.erasure/v1
            id 00000000000000000000000000000000
            subject 0123
            requested_at 1970-01-01T00:00:00.0000000Z
            completed_at 1970-01-01T00:00:01.0000000Z
            predictions 3
            feedback 2
            requests 4
            units 1
            jobs 6
            audit_entry 77

            """.ReplaceLineEndings("\n"), receipt.ToText());
        Assert.Equal(ErasureReceipt.Origin, ErasureReceipt.NameOf(receipt.ToText()));
        Assert.Null(ErasureReceipt.NameOf("platform.audit\n1\n"));
    }

    [Fact]
    public void Counts_AddByKind()
    {
        var counts = new ErasedCounts().Add([SubjectRecordKind.Prediction, SubjectRecordKind.Alias, SubjectRecordKind.Request, SubjectRecordKind.Unit, SubjectRecordKind.Unit, SubjectRecordKind.Job], 1);

        Assert.Equal(new ErasedCounts(1, 1, 1, 2, 1), counts);
        Assert.Equal(new ErasedCounts(2, 2, 2, 4, 2), counts.Add(counts));
    }

    [Theory]
    [InlineData("00:00:59", false)]
    [InlineData("00:01:00", true)]
    [InlineData("3650.00:00:00", true)]
    [InlineData("3650.00:00:01", false)]
    public void Policy_HasBoundsForEachKind(string age, bool isFine)
    {
        var most = TimeSpan.Parse(age, System.Globalization.CultureInfo.InvariantCulture);
        DataRetention[] policies =
        [
            new(Predictions: most), new(Feedback: most), new(Requests: most), new(Answers: most), new(Idempotency: most), new(AuditSummaries: most), new(Jobs: most),
        ];

        Assert.All(policies, policy => Assert.Equal(isFine, policy.Refuse() is null));
        if (!isFine) Assert.Equal(["predictions", "feedback", "requests", "answers", "idempotency", "audit_summaries", "jobs"], policies.Select(policy => policy.Refuse()!.Field));
    }
}
