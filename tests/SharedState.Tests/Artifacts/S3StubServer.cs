using System.Globalization;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Platform.SharedState.Tests.Artifacts;

/// <summary>
/// A stub, not S3: the dozen requests of the protocol that the store sends, with S3's rules for them as far as they
/// concern it (digests of bodies, ETags and least size of parts, what is visible when), and its files in a folder.
/// </summary>
internal sealed class S3StubServer : IAsyncDisposable
{
    public const string Bucket = "models";
    public const string AccessKey = "stub-access";
    public const string Region = "eu-test-1";
    private readonly WebApplication app;
    private readonly S3StubFiles files = new();

    private S3StubServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Run(AnswerAsync);
    }

    public Uri Endpoint => new(app.Urls.Single());

    /// <summary>Answers the next requests of this kind, such as <c>PUT part</c>, with an error; for what happens when a store fails.</summary>
    public string? Failing { get; set; }

    public static async Task<S3StubServer> StartAsync()
    {
        var server = new S3StubServer();
        await server.app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        files.Dispose();
    }

    private Task AnswerAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var path = request.Path.Value!.TrimStart('/').Split('/', 2);
        var key = path.Length > 1 ? path[1] : "";
        var upload = request.Query["uploadId"].ToString();
        var kind = Kind(request, key);
        if (!request.Headers.Authorization.ToString().Contains($"Credential={AccessKey}/", StringComparison.Ordinal)
            || !request.Headers.Authorization.ToString().Contains($"/{Region}/s3/", StringComparison.Ordinal))
            return FailAsync(response, 403, "InvalidAccessKeyId");
        if (path[0] != Bucket) return FailAsync(response, 404, "NoSuchBucket");
        if (kind == Failing) return FailAsync(response, 501, "NotImplemented");
        return kind switch
        {
            "GET uploads" => WriteAsync(response, new XElement("ListMultipartUploadsResult", files.Uploads(Prefix(request)).Select(Described("Upload", "Initiated")))),
            "GET list" => WriteAsync(response, new XElement("ListBucketResult", files.Objects(Prefix(request)).Select(Described("Contents", "LastModified")))),
            "GET object" => SendAsync(response, key),
            "PUT object" => TakeAsync(context, stream => files.PutAsync(key, stream)),
            "PUT copy" => CopyAsync(response, Uri.UnescapeDataString(request.Headers["x-amz-copy-source"].ToString()).TrimStart('/')[(Bucket.Length + 1)..], key),
            "PUT part" => TakeAsync(context, stream => files.PutPartAsync(upload, int.Parse(request.Query["partNumber"].ToString(), CultureInfo.InvariantCulture), stream)),
            "POST uploads" => WriteAsync(response, new XElement("InitiateMultipartUploadResult", new XElement("UploadId", files.Begin(key)))),
            "POST upload" => CompleteAsync(context, key, upload),
            "DELETE upload" => DeletedAsync(response, () => files.Abort(upload)),
            "DELETE object" => DeletedAsync(response, () => files.Delete(key)),
            _ => FailAsync(response, 501, "NotImplemented"),
        };
    }

    private static string Kind(HttpRequest request, string key) => request.Method + " " + (
        request.Query.ContainsKey("uploads") ? "uploads"
        : request.Query.ContainsKey("partNumber") ? "part"
        : request.Query.ContainsKey("uploadId") ? "upload"
        : request.Headers.ContainsKey("x-amz-copy-source") ? "copy"
        : key.Length == 0 ? "list" : "object");

    private static string Prefix(HttpRequest request) => request.Query["prefix"].ToString();

    private static Func<S3StubFile, XElement> Described(string element, string time) => file => new XElement(
        element, new XElement("Key", file.Key), new XElement("UploadId", file.UploadId), new XElement("Size", file.Size),
        new XElement(time, file.At.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)));

    private async Task SendAsync(HttpResponse response, string key)
    {
        if (files.Open(key) is not { } file)
        {
            await FailAsync(response, 404, "NoSuchKey");
            return;
        }

        await using (file)
        {
            response.ContentLength = file.Length;
            await file.CopyToAsync(response.Body);
        }
    }

    private static async Task TakeAsync(HttpContext context, Func<Stream, Task<(string ETag, string Sha256)>> store)
    {
        var (etag, sha256) = await store(context.Request.Body);
        if (context.Request.Headers["x-amz-content-sha256"] != sha256) await FailAsync(context.Response, 400, "XAmzContentSHA256Mismatch");
        else context.Response.Headers.ETag = etag;
    }

    private Task CopyAsync(HttpResponse response, string from, string to) => files.Copy(from, to)
        ? WriteAsync(response, new XElement("CopyObjectResult", new XElement("ETag", "\"copy\"")))
        : FailAsync(response, 404, "NoSuchKey");

    private async Task CompleteAsync(HttpContext context, string key, string upload)
    {
        var body = await XDocument.LoadAsync(context.Request.Body, LoadOptions.None, context.RequestAborted);
        var parts = body.Descendants().Where(element => element.Name.LocalName == "Part")
            .Select(part => (int.Parse(Child(part, "PartNumber"), CultureInfo.InvariantCulture), Child(part, "ETag"))).ToArray();
        if (files.Complete(key, upload, parts) is { } error) await FailAsync(context.Response, 400, error);
        else await WriteAsync(context.Response, new XElement("CompleteMultipartUploadResult", new XElement("Key", key)));
    }

    private static string Child(XElement element, string name) => element.Elements().Single(child => child.Name.LocalName == name).Value;

    private static Task DeletedAsync(HttpResponse response, Action delete)
    {
        delete();
        response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private static Task FailAsync(HttpResponse response, int status, string code)
    {
        response.StatusCode = status;
        return WriteAsync(response, new XElement("Error", new XElement("Code", code), new XElement("Message", "The stub says " + code)));
    }

    private static Task WriteAsync(HttpResponse response, XElement xml)
    {
        response.ContentType = "application/xml";
        return response.WriteAsync(xml.ToString());
    }
}
