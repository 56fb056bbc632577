using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Platform.Api.Conventions;
using Platform.Api.Versions;
using Platform.Core.Results;

namespace Platform.Api.Tests;

public sealed class ConventionTests
{
    private static readonly byte[] Hash = SHA256.HashData("content"u8);
    private static readonly string Hex = Convert.ToHexStringLower(Hash);

    public static TheoryData<string, string> Digests => new()
    {
        { "Content-Digest", $"sha-256=:{Convert.ToBase64String(Hash)}:" },
        { "Digest", $"sha-256={Convert.ToBase64String(Hash)}" },
        { "Digest", $"SHA-256={Convert.ToHexString(Hash)}" },
        { "Content-Digest", $"sha-512=:abc:, sha-256=:{Convert.ToBase64String(Hash)}:" },
    };

    [Theory]
    [MemberData(nameof(Digests))]
    public void ContentDigest_InEveryAllowedForm_IsRead(string header, string value)
    {
        Assert.True(ContentDigest.TryRead(new HeaderDictionary { [header] = value }, out var sha256, out _));
        Assert.Equal(Hex, sha256);
    }

    [Theory]
    [InlineData("Content-Digest", "sha-256=:short:")]
    [InlineData("Digest", "sha-256=")]
    [InlineData("Digest", "sha-256=zz")]
    public void ContentDigest_ThatIsNone_IsRefusedByName(string header, string value)
    {
        Assert.False(ContentDigest.TryRead(new HeaderDictionary { [header] = value }, out _, out var refusal));
        Assert.Equal(header, refusal!.Field);
    }

    [Fact]
    public void ContentDigest_OfAnotherAlgorithmOrNone_IsNotChecked()
    {
        Assert.True(ContentDigest.TryRead(new HeaderDictionary { ["Digest"] = "md5=abc" }, out var other, out _));
        Assert.True(ContentDigest.TryRead(new HeaderDictionary(), out var none, out _));
        Assert.Null(other ?? none);
    }

    [Theory]
    [InlineData(1, null, null)]
    [InlineData(500, null, null)]
    [InlineData(null, null, null)]
    [InlineData(0, null, "page_size")]
    [InlineData(501, null, "page_size")]
    [InlineData(null, "!", "page_token")]
    public void Paging_RefusesByField(int? size, string? token, string? field) => Assert.Equal(field, Paging.Refuse(size, token)?.Field);

    [Theory]
    [InlineData("digits")]
    [InlineData("1.0.0+ä")]
    public void Paging_TokenComesBack(string key) => Assert.Equal(key, Paging.Decode(Paging.Encode(key)));

    [Theory]
    [InlineData("\"7\"", 7L, true)]
    [InlineData("7", 7L, true)]
    [InlineData("*", null, true)]
    [InlineData("", null, true)]
    [InlineData("\"seven\"", null, false)]
    [InlineData("W/\"7\"", null, false)]
    public void IfMatch_IsRead(string header, long? expected, bool valid)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.IfMatch = header;

        Assert.Equal(valid, Etags.TryReadIfMatch(context.Request, out var revision, out var refusal));
        Assert.Equal(expected, revision);
        Assert.Equal(valid, refusal is null);
    }

    [Theory]
    [InlineData("http://localhost:5000", null, "http://localhost:5000", "http://localhost:81")]
    [InlineData(null, "8080", "http://*:8080", "http://*:81")]
    public void GrpcPort_KeepsTheOtherAddressAndAddsItsOwn(string? urls, string? ports, string http, string grpc)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["URLS"] = urls, ["HTTP_PORTS"] = ports, ["GRPC_PORT"] = "81",
        });

        builder.AddPorts();

        Assert.Equal(http, builder.Configuration["Kestrel:Endpoints:Http0:Url"]);
        Assert.Equal(grpc, builder.Configuration["Kestrel:Endpoints:Grpc:Url"]);
        Assert.Equal("Http2", builder.Configuration["Kestrel:Endpoints:Grpc:Protocols"]);
    }

    [Fact]
    public void EveryRefusalReason_HasAStatus() =>
        Assert.All(Enum.GetValues<RefusalReason>(), reason => Assert.NotNull(new Refusal(reason, "why").ToResult()));
}
