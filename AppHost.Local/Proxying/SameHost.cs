using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Aspire.Hosting.Proxying;

/// <summary>Leaves the request as the client sent it, Host included: links that a service makes lead to its public address.</summary>
internal sealed class SameHost : HttpTransformer
{
    public static readonly SameHost Transformer = new();

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.Headers.Host = httpContext.Request.Host.Value;
    }
}
