using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>Asks the replica itself, not the proxy: a proxy would answer for one replica by another.</summary>
internal sealed class HttpProbe(EndpointAnnotation endpoint, string path, int statusCode) : IHealthProbe
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        ActivityHeadersPropagator = null,
    });

    public string Path => path;

    public int StatusCode => statusCode;

    public async Task<string?> FindFaultAsync(ReplicaPorts ports, CancellationToken cancellationToken)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"{endpoint.UriScheme}://localhost:{ports[endpoint.Name]}"));
        using var answer = await Client.GetAsync(new Uri(address, path), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var code = (int)answer.StatusCode;
        return code == statusCode ? null : string.Create(CultureInfo.InvariantCulture, $"{path} answered {code}, not {statusCode}");
    }
}
