using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>Files of versions and datasets through the front door.</summary>
public sealed class ArtifactTests(SharedPlatform shared)
{
    private readonly HttpClient api = shared.Platform.Api;
    private readonly string model = $"m-{Guid.NewGuid():n}";

    [Fact]
    public async Task Signature_VerifiesOfflineWithThePublicKeyAndNamesTheFile()
    {
        await DigitsData.RegisterAsync(api, model, "1.0.0", "1.1.0");
        var path = $"/v1/models/{model}/versions/1.0.0/artifact";

        var file = await api.GetByteArrayAsync(path);
        var envelope = (await api.SendJsonAsync(HttpMethod.Get, $"{path}/signature", null)).GetProperty("dsseEnvelope");
        using var key = ECDsa.Create();
        key.ImportFromPem(await api.GetStringAsync($"{path}/signature/key"));

        var (type, payload) = (envelope.GetProperty("payloadType").GetString()!, envelope.GetProperty("payload").GetBytesFromBase64());
        byte[] signed = [.. Encoding.UTF8.GetBytes($"DSSEv1 {type.Length} {type} {payload.Length} "), .. payload];
        var signature = envelope.GetProperty("signatures")[0].GetProperty("sig").GetBytesFromBase64();
        Assert.True(key.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        signed[^1] ^= 1;
        Assert.False(key.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(file)), Encoding.UTF8.GetString(payload), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/signature")]
    [InlineData("/signature/key")]
    public async Task Version_WithoutAFile_HasNoneToGive(string path)
    {
        await RegisterWithoutFileAsync();

        using var response = await api.GetAsync($"/v1/models/{model}/versions/1.0.0/artifact{path}");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Upload_ThatIsEmpty_Is422AndLeavesTheVersionWithout()
    {
        await RegisterWithoutFileAsync();
        using var nothing = new ByteArrayContent([]);
        nothing.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");

        using var response = await api.PutAsync($"/v1/models/{model}/versions/1.0.0/artifact", nothing);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains("empty", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var version = await api.SendJsonAsync(HttpMethod.Get, $"/v1/models/{model}/versions/1.0.0", null);
        Assert.False(version.TryGetProperty("artifact", out _));
    }

    [Fact]
    public async Task Dataset_CanBeRemovedOnce()
    {
        await RegisterWithoutFileAsync();
        using var rows = new StringContent("""{"inputs":[1],"labels":[1]}""", Encoding.UTF8, "application/jsonl");
        using var put = await api.PutAsync($"/v1/models/{model}/datasets/rows", rows);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);

        using var first = await api.DeleteAsync($"/v1/models/{model}/datasets/rows");
        using var second = await api.DeleteAsync($"/v1/models/{model}/datasets/rows");

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (first.StatusCode, second.StatusCode));
        var left = await api.SendJsonAsync(HttpMethod.Get, $"/v1/models/{model}/datasets", null);
        Assert.Equal(0, left.GetProperty("items").GetArrayLength());
    }

    private async Task RegisterWithoutFileAsync()
    {
        await api.SendJsonAsync(HttpMethod.Post, "/v1/models", new { name = model });
        await api.SendJsonAsync(HttpMethod.Post, $"/v1/models/{model}/versions", new { version = "1.0.0" });
    }
}
