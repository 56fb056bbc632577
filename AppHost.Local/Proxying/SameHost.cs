using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Aspire.Hosting.Proxying;

/// <summary>Leaves the request as the client sent it, Host included: links that a service makes lead to its public address.</summary>
internal sealed class SameHost : HttpTransformer
{
    /// <summary>A body beyond this goes on only once the service wants it, so that who refuses it at once is heard at once.</summary>
    private const long LongBody = 1 << 20;

    public static readonly SameHost Transformer = new();

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.Headers.Host = httpContext.Request.Host.Value;
        if (httpContext.Request.ContentLength > LongBody && proxyRequest.Version == System.Net.HttpVersion.Version11) proxyRequest.Headers.ExpectContinue = true;
    }
}
