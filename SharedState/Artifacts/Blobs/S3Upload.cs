using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Platform.SharedState.Artifacts.Blobs;

/// <summary>
/// An object of unknown length on its way to S3: what fits into one part goes as one request, anything longer as a
/// multipart upload. One part is in memory at a time.
/// </summary>
internal sealed class S3Upload(IAmazonS3 s3, string bucket, string key) : IDisposable
{
    // S3 takes at most 10,000 parts of at least 5 MiB.
    private const int PartBytes = 8 << 20;
    private readonly MemoryStream part = new();
    private readonly List<PartETag> parts = [];
    private string? uploadId;

    public async Task AddAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellation)
    {
        if (part.Length + piece.Length > PartBytes) await SendPartAsync(cancellation);
        part.Write(piece.Span);
    }

    /// <summary>Only now the object is there.</summary>
    public async Task CompleteAsync(CancellationToken cancellation)
    {
        part.Position = 0;
        if (uploadId is null)
        {
            var whole = new PutObjectRequest { BucketName = bucket, Key = key, InputStream = part, AutoCloseStream = false, UseChunkEncoding = false };
            await s3.PutObjectAsync(whole, cancellation);
            return;
        }

        await SendPartAsync(cancellation);
        await s3.CompleteMultipartUploadAsync(
            new CompleteMultipartUploadRequest { BucketName = bucket, Key = key, UploadId = uploadId, PartETags = parts }, cancellation);
    }

    /// <summary>Leaves nothing of the upload behind. Not with the caller's token: a client that hung up may be why we are here.</summary>
    public async Task AbortAsync()
    {
        try
        {
            if (uploadId is not null) await s3.AbortMultipartUploadAsync(bucket, key, uploadId);
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or HttpRequestException)
        {
            // Why the upload failed matters more to the caller, and the sweep takes what is left.
        }
    }

    public void Dispose() => part.Dispose();

    private async Task SendPartAsync(CancellationToken cancellation)
    {
        uploadId ??= (await s3.InitiateMultipartUploadAsync(bucket, key, cancellation)).UploadId;
        part.Position = 0;
        var response = await s3.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = bucket, Key = key, UploadId = uploadId, PartNumber = parts.Count + 1,
                InputStream = part, PartSize = part.Length, UseChunkEncoding = false,
            },
            cancellation);
        parts.Add(new PartETag(parts.Count + 1, response.ETag));
        part.SetLength(0);
    }
}
