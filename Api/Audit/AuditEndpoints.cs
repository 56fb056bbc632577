using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Core.Audit;
using Platform.Core.Results;
using Platform.SharedState.Audit;

namespace Platform.Api.Audit;

/// <summary>
/// Entries say who called from where, so they are the admin's; what tells whether the log is whole says nothing of
/// anybody, so that any viewer can be its witness.
/// </summary>
internal static class AuditEndpoints
{
    private const string JsonLines = "application/jsonl";
    private const string Pem = "application/x-pem-file";

    public static RouteGroupBuilder MapAudit(this RouteGroupBuilder v1)
    {
        var audit = v1.MapGroup("/audit").WithTags("Audit");
        audit.MapGet("/", Find).RequireAuthorization(Roles.Admin).Produces<ListResponse<AuditItem>>().ProducesProblem(400);
        audit.MapGet("/export", Export).RequireAuthorization(Roles.Admin).Produces(200, contentType: JsonLines);
        audit.MapGet("/proof", Proof).RequireAuthorization(Roles.Admin).Produces<ProofResponse>().ProducesProblem(400).ProducesProblem(404);
        audit.MapGet("/verify", Verify).RequireAuthorization(Roles.Viewer).Produces<VerifyResponse>();
        audit.MapGet("/consistency", Consistency).RequireAuthorization(Roles.Viewer).Produces<ConsistencyResponse>().ProducesProblem(400);
        audit.MapGet("/checkpoint", GetCheckpoint).RequireAuthorization(Roles.Viewer).Produces<string>(200, "text/plain").ProducesProblem(404);
        audit.MapGet("/key", Key).RequireAuthorization(Roles.Viewer).Produces<string>(200, Pem);
        return v1;
    }

    private static async Task<IResult> Find(
        AuditSearch search, string? actor, string? action, string? resource, DateTimeOffset? from, DateTimeOffset? to, int? page_size, string? page_token,
        CancellationToken cancellation)
    {
        if (Paging.Refuse(page_size, page_token) is { } invalid) return invalid.ToResult();
        long? before = null;
        if (page_token is not null)
        {
            if (!long.TryParse(Paging.Decode(page_token), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return Paging.InvalidToken.ToResult();
            before = number;
        }

        if (from >= to) return Refusal.Invalid("to", "Give a time after 'from', or leave it out.").ToResult();
        var filter = new AuditFilter(actor, action, resource?.Trim('/'), from, to);
        var page = await search.FindAsync(filter, page_size ?? Paging.DefaultSize, before, cancellation);
        return Results.Ok(new ListResponse<AuditItem>(
            [.. page.Items.Select(AuditItem.From)], Paging.Encode(page.Next?.ToString(CultureInfo.InvariantCulture))));
    }

    private static async Task<IResult> Verify(AuditVerification verification, VerifyTurn turn, AuditWriter writer, CancellationToken cancellation) =>
        Results.Ok(VerifyResponse.From(await turn.RunAsync(() => verification.RunAsync(writer.KnownSize, cancellation), cancellation)));

    private static async Task<IResult> Proof(long? entry, AuditStore store, AuditKeys keys, AuditProofs proofs, AuditSearch search)
    {
        if (entry is not { } index || index < 0) return Refusal.Invalid("entry", "Give the number of an entry, from 0.").ToResult();
        if (await HeadAsync(store, keys) is not var (note, head) || index >= head.Size) return Refusal.NotFound($"The log has no entry {index}.").ToResult();
        if (await search.ReadAsync(index) is not { } record) return Refusal.NotFound($"Entry {index} is missing; verify the log.").ToResult();
        var proof = await proofs.InclusionAsync(index, head.Size);
        return Results.Ok(new ProofResponse(
            index, head.Size, MerkleHash.Leaf(record).ToString(), head.Root.ToString(), Texts(proof), Encoding.UTF8.GetString(record), note));
    }

    private static async Task<IResult> Consistency(long? from, long? to, AuditStore store, AuditKeys keys, AuditProofs proofs)
    {
        var size = (await HeadAsync(store, keys))?.Checkpoint.Size ?? 0;
        var end = to ?? size;
        if (from is not { } start || start < 1) return Refusal.Invalid("from", "Give the smaller number of entries, from 1.").ToResult();
        if (start > end || end > size) return Refusal.Invalid("to", $"Give a number of entries from {start} to {size}, or leave it out.").ToResult();
        return Results.Ok(new ConsistencyResponse(
            start, end, (await proofs.RootAsync(start)).ToString(), (await proofs.RootAsync(end)).ToString(), Texts(await proofs.ConsistencyAsync(start, end))));
    }

    private static async Task<IResult> GetCheckpoint(AuditStore store) =>
        await store.ReadHeadAsync() is { } note ? Results.Text(note, "text/plain") : Refusal.NotFound("The log has no entry yet.").ToResult();

    private static IResult Key(AuditKeys keys) => Results.Text(string.Concat(keys.Trusted.Select(key => key.PublicPem)), Pem);

    private static IResult Export(AuditExport export, CancellationToken cancellation) => Results.Stream(
        async body =>
        {
            var newline = "\n"u8.ToArray();
            await foreach (var line in export.LinesAsync(cancellation))
            {
                await body.WriteAsync(line, cancellation);
                await body.WriteAsync(newline, cancellation);
            }
        },
        JsonLines,
        "audit.jsonl");

    private static async Task<(string Note, Checkpoint Checkpoint)?> HeadAsync(AuditStore store, AuditKeys keys) =>
        await store.ReadHeadAsync() is { } note && keys.Open(note) is { } checkpoint ? (note, checkpoint) : null;

    private static ImmutableArray<string> Texts(ImmutableArray<MerkleHash> hashes) => [.. hashes.Select(hash => hash.ToString())];
}
