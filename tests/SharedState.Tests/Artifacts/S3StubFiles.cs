using System.Security.Cryptography;

namespace Platform.SharedState.Tests.Artifacts;

internal sealed record S3StubFile(string Key, string? UploadId, long Size, DateTime At);

/// <summary>What <see cref="S3StubServer"/> keeps: a file for each object, and a folder of parts for each unfinished upload.</summary>
internal sealed class S3StubFiles : IDisposable
{
    private const long LeastPartBytes = 5 << 20;
    private const string KeyFile = "key";
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("s3-stub-");

    public void Dispose() => root.Delete(recursive: true);

    public IEnumerable<S3StubFile> Objects(string prefix) =>
        Under(Folder("objects").GetFiles(), prefix, file => new S3StubFile(Key(file.Name), null, file.Length, file.LastWriteTimeUtc));

    public IEnumerable<S3StubFile> Uploads(string prefix) => Under(
        Folder("uploads").GetDirectories(), prefix,
        upload => new S3StubFile(File.ReadAllText(Path.Combine(upload.FullName, KeyFile)), upload.Name, 0, upload.LastWriteTimeUtc));

    public FileStream? Open(string key) => File.Exists(ObjectPath(key)) ? File.OpenRead(ObjectPath(key)) : null;

    public Task<(string ETag, string Sha256)> PutAsync(string key, Stream content) => WriteAsync(ObjectPath(key), content);

    public string Begin(string key)
    {
        var upload = Folder($"uploads/{Guid.NewGuid():n}");
        File.WriteAllText(Path.Combine(upload.FullName, KeyFile), key);
        return upload.Name;
    }

    public Task<(string ETag, string Sha256)> PutPartAsync(string upload, int number, Stream content) => WriteAsync(PartPath(upload, number), content);

    /// <summary>Joins the parts; otherwise says what S3 would say.</summary>
    public string? Complete(string key, string upload, (int Number, string ETag)[] parts)
    {
        if (parts.Length == 0 || !parts.Select(part => part.Number).SequenceEqual(Enumerable.Range(1, parts.Length))) return "InvalidPartOrder";
        if (parts.Any(part => !File.Exists(PartPath(upload, part.Number)) || ETagOf(PartPath(upload, part.Number)) != part.ETag.Trim('"'))) return "InvalidPart";
        if (parts[..^1].Any(part => new FileInfo(PartPath(upload, part.Number)).Length < LeastPartBytes)) return "EntityTooSmall";
        using (var whole = File.Create(ObjectPath(key)))
        {
            foreach (var (number, _) in parts)
            {
                using var part = File.OpenRead(PartPath(upload, number));
                part.CopyTo(whole);
            }
        }

        Abort(upload);
        return null;
    }

    public void Abort(string upload) => Directory.Delete(Path.Combine(root.FullName, "uploads", upload), recursive: true);

    public bool Copy(string from, string to)
    {
        if (!File.Exists(ObjectPath(from))) return false;
        File.Copy(ObjectPath(from), ObjectPath(to), overwrite: true);
        return true;
    }

    public void Delete(string key) => File.Delete(ObjectPath(key));

    private static IEnumerable<S3StubFile> Under<T>(T[] found, string prefix, Func<T, S3StubFile> describe) =>
        found.Select(describe).Where(file => file.Key.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(file => file.Key, StringComparer.Ordinal);

    private static async Task<(string ETag, string Sha256)> WriteAsync(string path, Stream content)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var file = File.Create(path))
        {
            var buffer = new byte[64 * 1024];
            for (int read; (read = await content.ReadAsync(buffer)) > 0;)
            {
                sha256.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read));
            }
        }

        return ($"\"{ETagOf(path)}\"", Convert.ToHexStringLower(sha256.GetHashAndReset()));
    }

    // Any digest may be an ETag; S3's is mostly MD5, which nobody should take this for.
    private static string ETagOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file))[..32];
    }

    private static string Key(string escaped) => Uri.UnescapeDataString(escaped);

    private DirectoryInfo Folder(string name) => root.CreateSubdirectory(name);

    private string ObjectPath(string key) => Path.Combine(Folder("objects").FullName, Uri.EscapeDataString(key));

    private string PartPath(string upload, int number) => Path.Combine(root.FullName, "uploads", upload, $"{number}");
}
