using System.Text;
using CsCheck;
using Platform.Core.Audit;

namespace Platform.Core.Tests.Audit;

public sealed class AuditEncodingTests
{
    private static readonly Gen<AuditEntry> Entries =
        from number in Gen.Int[0, 1_000_000]
        from ticks in Gen.Long[0, TimeSpan.TicksPerDay * 365]
        from actor in Gen.String
        from text in Gen.String
        from has in Gen.Bool
        select AuditSamples.Entry(number) with
        {
            At = AuditSamples.Start.AddTicks(ticks), Actor = Clean(actor), Resource = has ? Clean(text) : null, Status = has ? number : null,
            Count = has ? null : number, Phase = has ? AuditPhase.Answered : AuditPhase.Counted,
        };

    [Fact]
    public void Encoding_OfVersionOne_NeverChanges() => Assert.Equal(
        """{"v":1,"id":"00000007-0000-0000-0102-030405060708","at":"2026-03-01T12:00:07.0000000Z","phase":"answered","actor":"ann","action":"models.deploy","""
        + """ "key_id":"k-1","resource":"models/m-0","address":"203.0.113.9","status":200,"reason":"done",""".TrimStart()
        + $"\"body_sha256\":\"{new string('a', 64)}\",\"after\":\"\\u00227\\u0022\",\"request_id\":\"r-7\",\"trace_id\":\"{new string('0', 32)}\"}}",
        Encoding.UTF8.GetString(AuditEncoding.Encode(AuditSamples.Entry(7))));

    [Fact]
    public void Encoding_ReadAndWrittenAgain_IsTheSameBytes() => Entries.Sample(entry =>
    {
        var bytes = AuditEncoding.Encode(entry);
        var read = AuditEncoding.Decode(bytes);
        Assert.Equal(entry, read);
        Assert.Equal(bytes, AuditEncoding.Encode(read!));
        Assert.Equal(entry.Id, AuditEncoding.IdOf(bytes));
        Assert.DoesNotContain((byte)'\n', bytes);
    });

    [Fact]
    public void Encoding_OfALongText_IsCut()
    {
        var read = AuditEncoding.Decode(AuditEncoding.Encode(AuditSamples.Entry(1) with { Resource = new string('x', 10_000) }));
        Assert.Equal(AuditEncoding.MaxTextChars, read!.Resource!.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"v":2,"id":"00000007-0000-0000-0102-030405060708"}""")]
    [InlineData("""{"v":1,"id":"no guid"}""")]
    [InlineData("[1]")]
    public void Decoding_WhatIsNoEntry_IsNull(string text) => Assert.Null(AuditEncoding.Decode(Encoding.UTF8.GetBytes(text)));

    // Half a surrogate pair is no text; what is written for it is not what was asked for.
    private static string Clean(string text)
    {
        var whole = new string([.. text.Where(c => !char.IsSurrogate(c))]);
        return whole.Length > AuditEncoding.MaxTextChars ? whole[..AuditEncoding.MaxTextChars] : whole;
    }
}
