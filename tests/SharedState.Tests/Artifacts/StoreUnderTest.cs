using Amazon.S3;
using Amazon.S3.Model;
using Platform.SharedState.Artifacts;

namespace Platform.SharedState.Tests.Artifacts;

/// <summary>A store of one kind, looked at from behind: what really stands in it.</summary>
public abstract class StoreUnderTest : IAsyncDisposable
{
    public const string PlatformKey = "a-platform-key-of-more-than-32-characters";

    /// <summary>Options of a process that uses this store.</summary>
    public abstract ArtifactOptions Options(string platformKey = PlatformKey);

    /// <summary>Names of all that is stored; what is unfinished too.</summary>
    public abstract Task<string[]> NamesAsync();

    public abstract Task<byte[]> GetAsync(string name);

    public abstract Task PutAsync(string name, byte[] bytes);

    public abstract ValueTask DisposeAsync();
}

public sealed class FolderUnderTest : StoreUnderTest
{
    private readonly string folder = Directory.CreateTempSubdirectory("artifacts-").FullName;

    public override ArtifactOptions Options(string platformKey = PlatformKey) => new() { Folder = folder, PlatformKey = platformKey };

    public override Task<string[]> NamesAsync() => Task.FromResult(
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path)).Order().ToArray());

    public override Task<byte[]> GetAsync(string name) => File.ReadAllBytesAsync(Path.Combine(folder, name));

    public override Task PutAsync(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
        return File.WriteAllBytesAsync(Path.Combine(folder, name), bytes);
    }

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return default;
    }
}

/// <summary>A prefix of its own in a bucket: of the stub, or of the real server that S3_TEST_ENDPOINT names.</summary>
public sealed class S3UnderTest : StoreUnderTest
{
    private readonly S3StubServer? stub;
    private readonly S3Options options;
    private readonly AmazonS3Client s3;

    private S3UnderTest(S3StubServer? stub)
    {
        this.stub = stub;
        options = stub is not null
            ? new() { Endpoint = stub.Endpoint, Bucket = S3StubServer.Bucket, Region = S3StubServer.Region, AccessKey = S3StubServer.AccessKey, SecretKey = "stub-secret" }
            : new() { Endpoint = new(Variable("ENDPOINT")!), Bucket = Variable("BUCKET")!, AccessKey = Variable("ACCESS_KEY"), SecretKey = Variable("SECRET_KEY") };
        options.Prefix = $"test/{Guid.NewGuid():n}/";
        s3 = new AmazonS3Client(
            options.AccessKey, options.SecretKey,
            new AmazonS3Config { ServiceURL = options.Endpoint!.ToString(), ForcePathStyle = true, AuthenticationRegion = options.Region });
    }

    /// <summary>Makes the stub fail at requests of this kind. A real server cannot be asked to.</summary>
    public string? Failing
    {
        set => (stub ?? throw new InvalidOperationException("Only the stub fails on demand.")).Failing = value;
    }

    public static async Task<S3UnderTest> StartAsync()
    {
        if (Variable("ENDPOINT") is null) return await StartStubAsync();
        var real = new S3UnderTest(null);
        await real.s3.PutBucketAsync(real.options.Bucket);
        return real;
    }

    public static async Task<S3UnderTest> StartStubAsync() => new(await S3StubServer.StartAsync());

    public override ArtifactOptions Options(string platformKey = PlatformKey) => new()
    {
        Store = ArtifactStoreKind.S3,
        S3 = new()
        {
            Endpoint = options.Endpoint, Bucket = options.Bucket, Region = options.Region, AccessKey = options.AccessKey,
            SecretKey = options.SecretKey, Prefix = options.Prefix,
        },
        PlatformKey = platformKey,
    };

    public override async Task<string[]> NamesAsync()
    {
        var objects = await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = options.Bucket, Prefix = options.Prefix });
        var uploads = await s3.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = options.Bucket, Prefix = options.Prefix });
        return
        [
            .. (objects.S3Objects ?? []).Select(found => found.Key[options.Prefix.Length..]).Order(),
            .. (uploads.MultipartUploads ?? []).Select(found => "unfinished " + found.Key[options.Prefix.Length..]),
        ];
    }

    public override async Task<byte[]> GetAsync(string name)
    {
        using var response = await s3.GetObjectAsync(options.Bucket, options.Prefix + name);
        using var content = new MemoryStream();
        await response.ResponseStream.CopyToAsync(content);
        return content.ToArray();
    }

    public override Task PutAsync(string name, byte[] bytes) => s3.PutObjectAsync(new PutObjectRequest
    {
        BucketName = options.Bucket, Key = options.Prefix + name, InputStream = new MemoryStream(bytes), UseChunkEncoding = false,
    });

    /// <summary>Begins a multipart upload and leaves it at that, as a process does that is killed.</summary>
    public Task LeaveUnfinishedAsync(string name) => s3.InitiateMultipartUploadAsync(options.Bucket, options.Prefix + name);

    public override async ValueTask DisposeAsync()
    {
        s3.Dispose();
        if (stub is not null) await stub.DisposeAsync();
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable("S3_TEST_" + name);
}
