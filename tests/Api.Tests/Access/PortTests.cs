using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Platform.Tests;

namespace Platform.Api.Tests.Access;

/// <summary>Surfaces on ports of their own, and TLS on each.</summary>
public sealed class PortTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/workers", true, false)]
    [InlineData("/openapi/v1.json", true, false)]
    [InlineData("/", true, false)]
    [InlineData("/nothing", true, false)]
    [InlineData("/v2", false, true)]
    [InlineData("/v2/models/any", false, true)]
    [InlineData("/v2/health/live", false, true)]
    [InlineData("/health", true, true)]
    [InlineData("/alive", true, true)]
    public async Task Surface_IsOnItsOwnPortOnly(string path, bool onManagement, bool onInference)
    {
        var management = ListeningApi.FreePort();
        using var api = new ListeningApi(redis, ("Management:Urls", $"http://127.0.0.1:{management}"));
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        client.DefaultRequestHeaders.Authorization = new("Bearer", ApiHost.AdminKey);

        Assert.Equal(onManagement, await IsThereAsync(client, management, path));
        Assert.Equal(onInference, await IsThereAsync(client, api.Port, path));
    }

    [Fact]
    public void ManagementAddress_WithoutAPort_IsRefusedAtTheStart() =>
        Assert.ThrowsAny<Exception>(() => new ListeningApi(redis, ("Management:Urls", "http://127.0.0.1:0")));

    [Fact]
    public async Task Certificate_IsShownOnEveryPort_GrpcIncluded()
    {
        using var certificate = new GivenCertificate();
        var (https, grpc, management) = (ListeningApi.FreePort(), ListeningApi.FreePort(), ListeningApi.FreePort());
        using var api = new ListeningApi(redis,
        [
            ("urls", $"https://127.0.0.1:{https}"), ("GRPC_PORT", $"{grpc}"), ("Management:Urls", $"https://127.0.0.1:{management}"),
            .. certificate.Settings,
        ]);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.Hash;
        using var client = new HttpClient(handler);

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri($"https://127.0.0.1:{https}/alive"), Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri($"https://127.0.0.1:{management}/alive"), Cancellation)).StatusCode);
        using var channel = GrpcChannel.ForAddress($"https://127.0.0.1:{grpc}", new GrpcChannelOptions { HttpClient = client });
        Assert.NotEqual(
            HealthCheckResponse.Types.ServingStatus.Unknown,
            (await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest(), cancellationToken: Cancellation)).Status);
    }

    [Fact]
    public async Task ClearText_OnAPortWithACertificate_IsNotAnswered()
    {
        using var certificate = new GivenCertificate();
        var https = ListeningApi.FreePort();
        using var api = new ListeningApi(redis, [("urls", $"https://127.0.0.1:{https}"), .. certificate.Settings]);
        using var client = new HttpClient();

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri($"http://127.0.0.1:{https}/alive"), Cancellation));
    }

    private static async Task<bool> IsThereAsync(HttpClient client, int port, string path)
    {
        using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}{path}"), Cancellation);
        if (path == "/nothing") return (await answer.Content.ReadAsStringAsync(Cancellation)).Contains("at this path.", StringComparison.Ordinal);
        // An unknown model is the inference surface's own answer.
        return answer.StatusCode != HttpStatusCode.NotFound || (await answer.Content.ReadAsStringAsync(Cancellation)).Contains("unknown model", StringComparison.Ordinal);
    }

    /// <summary>A certificate as a deployment gives it: two PEM files that Kestrel's configuration names.</summary>
    private sealed class GivenCertificate : IDisposable
    {
        private readonly string folder = Directory.CreateTempSubdirectory("certificate-").FullName;

        public GivenCertificate()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
            var now = TimeProvider.System.GetUtcNow();
            using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
            Hash = certificate.GetCertHashString();
            File.WriteAllText(Path.Combine(folder, "tls.crt"), certificate.ExportCertificatePem());
            File.WriteAllText(Path.Combine(folder, "tls.key"), key.ExportPkcs8PrivateKeyPem());
        }

        public string Hash { get; }

        public (string Key, string Value)[] Settings =>
        [
            ("Kestrel:Certificates:Default:Path", Path.Combine(folder, "tls.crt")),
            ("Kestrel:Certificates:Default:KeyPath", Path.Combine(folder, "tls.key")),
        ];

        public void Dispose() => Directory.Delete(folder, recursive: true);
    }
}
