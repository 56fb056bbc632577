namespace Platform.SharedState.Artifacts;

/// <summary>A bucket of S3 or of a server that speaks its protocol.</summary>
public sealed class S3Options
{
    /// <summary>The server, for example <c>https://minio.internal:9000</c>; null for AWS itself.</summary>
    public Uri? Endpoint { get; set; }

    public string Bucket { get; set; } = "";

    public string Region { get; set; } = "us-east-1";

    /// <summary>Without a pair of keys, the environment's own credentials are used (a role of the machine or pod).</summary>
    public string? AccessKey { get; set; }

    public string? SecretKey { get; set; }

    /// <summary>Put before each object's name, for a bucket that is shared with others.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>Whether the bucket stands in the path rather than the host's name. Servers other than AWS mostly want that: it is the default with an endpoint.</summary>
    public bool? ForcePathStyle { get; set; }

    internal IEnumerable<string> Problems()
    {
        if (Bucket.Length == 0) yield return "Set Artifacts:S3:Bucket (Artifacts__S3__Bucket) with Artifacts:Store=s3.";
        if (Region.Length == 0) yield return "Set Artifacts:S3:Region; servers other than AWS take any.";
        if (Endpoint is { IsAbsoluteUri: false }) yield return "Artifacts:S3:Endpoint must be an absolute URL.";
        if (string.IsNullOrEmpty(AccessKey) != string.IsNullOrEmpty(SecretKey)) yield return "Set both Artifacts:S3:AccessKey and Artifacts:S3:SecretKey, or neither.";
    }
}
