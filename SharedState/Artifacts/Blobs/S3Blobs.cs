using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Platform.SharedState.Artifacts.Blobs;

/// <summary>A bucket of S3 or of a server that speaks its protocol.</summary>
internal sealed class S3Blobs(S3Options options) : IArtifactBlobs, IDisposable
{
    private readonly AmazonS3Client s3 = Connect(options);

    public bool CanSeek => false;

    public void Dispose() => s3.Dispose();

    public Task WriteAsync(string name, IAsyncEnumerable<ReadOnlyMemory<byte>> pieces, CancellationToken cancellation, bool isLasting = true) =>
        TranslatedAsync(name, async () =>
        {
            using var upload = new S3Upload(s3, options.Bucket, KeyOf(name));
            try
            {
                await foreach (var piece in pieces.WithCancellation(cancellation)) await upload.AddAsync(piece, cancellation);
                await upload.CompleteAsync(cancellation);
                return true;
            }
            catch
            {
                await upload.AbortAsync();
                throw;
            }
        });

    public Task<StoredBlob> OpenAsync(string name, CancellationToken cancellation) =>
        TranslatedAsync(name, async () =>
        {
            var response = await s3.GetObjectAsync(options.Bucket, KeyOf(name), cancellation);
            return new StoredBlob(response.ResponseStream, response.ContentLength);
        });

    public Task MoveAsync(string from, string to, CancellationToken cancellation) =>
        TranslatedAsync(from, async () =>
        {
            // The server copies; S3 has no renaming. The new name is seen only with the whole content behind it.
            await s3.CopyObjectAsync(options.Bucket, KeyOf(from), options.Bucket, KeyOf(to), cancellation);
            return await s3.DeleteObjectAsync(options.Bucket, KeyOf(from), cancellation);
        });

    public Task DeleteAsync(string name, CancellationToken cancellation) =>
        TranslatedAsync(name, () => s3.DeleteObjectAsync(options.Bucket, KeyOf(name), cancellation));

    public Task DeleteFolderAsync(string folder, CancellationToken cancellation) =>
        TranslatedAsync(folder, async () =>
        {
            var listed = s3.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = options.Bucket, Prefix = KeyOf(folder) + "/" });
            await foreach (var found in listed.S3Objects.WithCancellation(cancellation))
                await s3.DeleteObjectAsync(options.Bucket, found.Key, cancellation);
            return true;
        });

    public Task<int> SweepAsync(string folder, DateTimeOffset before, CancellationToken cancellation) =>
        TranslatedAsync(folder, async () =>
        {
            var (swept, prefix) = (0, KeyOf(folder) + "/");
            var objects = s3.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = options.Bucket, Prefix = prefix });
            await foreach (var found in objects.S3Objects.WithCancellation(cancellation))
            {
                if (found.LastModified?.ToUniversalTime() >= before.UtcDateTime) continue;
                await s3.DeleteObjectAsync(options.Bucket, found.Key, cancellation);
                swept++;
            }

            var uploads = s3.Paginators.ListMultipartUploads(new ListMultipartUploadsRequest { BucketName = options.Bucket, Prefix = prefix });
            await foreach (var found in uploads.Uploads.WithCancellation(cancellation))
            {
                if (found.Initiated?.ToUniversalTime() >= before.UtcDateTime) continue;
                await s3.AbortMultipartUploadAsync(options.Bucket, found.Key, found.UploadId, cancellation);
                swept++;
            }

            return swept;
        });

    public async IAsyncEnumerable<(string Name, DateTimeOffset At)> ListAsync(string folder, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var request = new ListObjectsV2Request { BucketName = options.Bucket, Prefix = KeyOf(folder) + "/" };
        ListObjectsV2Response page;
        do
        {
            page = await TranslatedAsync(folder, () => s3.ListObjectsV2Async(request, cancellation));
            foreach (var found in page.S3Objects ?? [])
                yield return (found.Key[options.Prefix.Length..], found.LastModified?.ToUniversalTime() ?? DateTime.MaxValue);
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated is true);
    }

    private static AmazonS3Client Connect(S3Options options)
    {
        var config = new AmazonS3Config
        {
            AuthenticationRegion = options.Region,
            ForcePathStyle = options.ForcePathStyle ?? options.Endpoint is not null,
            // Servers other than AWS mostly do not know the newer checksums. What we store authenticates itself.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint is { } endpoint) config.ServiceURL = endpoint.ToString();
        else config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(options.Region);
        return string.IsNullOrEmpty(options.AccessKey)
            ? new AmazonS3Client(config)
            : new AmazonS3Client(options.AccessKey, options.SecretKey, config);
    }

    private string KeyOf(string name) => options.Prefix + name;

    private static async Task<T> TranslatedAsync<T>(string name, Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.NotFound && e.ErrorCode is "NoSuchKey" or "NotFound")
        {
            throw new FileNotFoundException($"There is no {name} in the artifact store.", e);
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or HttpRequestException)
        {
            var code = (e as AmazonServiceException)?.ErrorCode;
            throw new IOException($"The artifact store failed over {name}: {code} {e.Message}", e);
        }
    }
}
