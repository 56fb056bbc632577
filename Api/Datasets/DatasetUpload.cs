using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Platform.Core.Models.Datasets;
using Platform.Core.Results;
using Platform.SharedState.Artifacts;

namespace Platform.Api.Datasets;

/// <summary>A dataset's files in the artifact store.</summary>
internal sealed record StoredDataset(DatasetFormat Format, StagedArtifact Content, StagedArtifact? Labels, long Rows);

/// <summary>Streams an upload into the artifact store, checked while it arrives.</summary>
internal sealed class DatasetUpload(ArtifactStore store, IOptions<DatasetOptions> options)
{
    private const string Images = "images";
    private const string Labels = "labels";

    /// <summary>The staged files; the caller commits or discards them. After a refusal nothing is kept.</summary>
    public async Task<Outcome<StoredDataset>> ReadAsync(HttpRequest request, DatasetFormat format, CancellationToken cancellation)
    {
        var parts = new Dictionary<string, (StagedArtifact Staged, long Rows)>(StringComparer.Ordinal);
        Outcome<StoredDataset> outcome = Refusal.Invalid("body", "It did not arrive.");
        var part = "body";
        try
        {
            if (format is DatasetFormat.Jsonl) parts[part] = await StageAsync(request.Body, new JsonlCheck(options.Value), cancellation);
            else await ReadPartsAsync(request, parts, name => part = name, cancellation);
            outcome = format is DatasetFormat.Jsonl
                ? new StoredDataset(format, parts[part].Staged, null, parts[part].Rows)
                : Pair(parts);
        }
        catch (Exception e) when (e is DatasetException or InvalidDataException)
        {
            outcome = Refusal.Invalid(part, $"This is no dataset: {e.Message}.");
        }
        catch (ArtifactTooLargeException e)
        {
            outcome = new Refusal(RefusalReason.TooLarge, e.Message);
        }
        finally
        {
            if (outcome.Value is null) foreach (var (staged, _) in parts.Values) await store.DiscardAsync(staged.StagingId, CancellationToken.None);
        }

        return outcome;
    }

    private async Task ReadPartsAsync(
        HttpRequest request, Dictionary<string, (StagedArtifact Staged, long Rows)> parts, Action<string> at, CancellationToken cancellation)
    {
        var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(request.ContentType).Boundary).Value
            ?? throw new DatasetException("Content-Type names no boundary");
        var reader = new MultipartReader(boundary, request.Body) { BodyLengthLimit = null };
        while (await NextAsync(reader, cancellation) is { } section)
        {
            var name = section.GetContentDispositionHeader()?.Name.Value?.Trim('"');
            at(name is Images or Labels ? name : "body");
            if (name is not (Images or Labels)) throw new DatasetException($"the parts are '{Images}' and '{Labels}', not '{name}'");
            if (parts.ContainsKey(name)) throw new DatasetException($"the part '{name}' came twice");
            var rank = name == Images ? IdxHeader.ImageRank : IdxHeader.LabelRank;
            await using var plain = await PlainAsync(section.Body, cancellation);
            parts[name] = await StageAsync(plain, new IdxCheck(rank, options.Value), cancellation);
        }
    }

    private static async Task<MultipartSection?> NextAsync(MultipartReader reader, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadNextSectionAsync(cancellation);
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw new DatasetException($"the parts of the form cannot be told apart ({e.Message.TrimEnd('.')})");
        }
    }

    /// <summary>The file itself; gzip, in which idx files are handed about, is seen by its first bytes.</summary>
    private static async Task<Stream> PlainAsync(Stream body, CancellationToken cancellation)
    {
        var pipe = PipeReader.Create(body);
        var start = await pipe.ReadAtLeastAsync(2, cancellation);
        var isGzip = start.Buffer.Length >= 2 && start.Buffer.FirstSpan is [0x1F, 0x8B, ..];
        pipe.AdvanceTo(start.Buffer.Start);
        return isGzip ? new GZipStream(pipe.AsStream(), CompressionMode.Decompress) : pipe.AsStream();
    }

    private async Task<(StagedArtifact Staged, long Rows)> StageAsync(Stream source, IRowCheck check, CancellationToken cancellation)
    {
        await using var looked = new CheckedStream(source, check, options.Value.MaxBytes);
        return (await store.StageAsync(looked, cancellation), check.Rows);
    }

    private static Outcome<StoredDataset> Pair(Dictionary<string, (StagedArtifact Staged, long Rows)> parts)
    {
        foreach (var name in (string[])[Images, Labels])
            if (!parts.ContainsKey(name)) return Refusal.Invalid(name, $"The part '{name}' is missing: an idx file, as it is or in gzip.");
        var (images, labels) = (parts[Images], parts[Labels]);
        return images.Rows == labels.Rows
            ? new StoredDataset(DatasetFormat.Idx, images.Staged, labels.Staged, images.Rows)
            : Refusal.Invalid(Labels, $"There are {labels.Rows} labels for {images.Rows} images; row {Math.Min(images.Rows, labels.Rows) + 1} is the first without a match.");
    }
}
