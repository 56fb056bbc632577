using Microsoft.AspNetCore.Http.Features;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Models;
using Platform.Core.Models;
using Platform.Core.Results;
using Platform.SharedState.Artifacts;

namespace Platform.Api.Versions;

internal static class ArtifactEndpoints
{
    private const string OctetStream = "application/octet-stream";
    private const string SigstoreBundle = "application/vnd.dev.sigstore.bundle.v0.3+json";
    private const string Pem = "application/x-pem-file";

    public static RouteGroupBuilder MapArtifacts(this RouteGroupBuilder v1)
    {
        var artifact = v1.MapGroup("/models/{model}/versions/{version}/artifact").WithTags("Versions").RequireAuthorization(Roles.Operator);
        artifact.MapPut("/", Upload).Accepts<byte[]>(OctetStream)
            .Produces<VersionResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(413).ProducesProblem(422);
        artifact.MapGet("/", Download).Produces(200, contentType: OctetStream).ProducesProblem(404);
        artifact.MapGet("/signature", Signature).Produces(200, contentType: SigstoreBundle).ProducesProblem(404);
        artifact.MapGet("/signature/key", PublicKey).Produces(200, contentType: Pem).ProducesProblem(404);
        return v1;
    }

    private static async Task<IResult> Upload(
        string model, string version, HttpRequest request, HttpResponse response,
        IClusterClient cluster, ArtifactStore store, ArtifactInspector inspector, CancellationToken cancellation)
    {
        if (!HasOctetStream(request))
            return Results.Problem(statusCode: 415, detail: $"Send the model's bytes with Content-Type: {OctetStream}.");
        if (!ContentDigest.TryRead(request.Headers, out var expected, out var invalid)) return invalid!.ToResult();
        var grain = cluster.GetGrain<IModelGrain>(model);
        // Asked before the upload, so that a wrong name costs no transfer.
        if (!(await grain.GetVersionAsync(version)).Succeeded(out var before, out var unknown)) return unknown.ToResult();

        // Who says beforehand that it is too much need not send it.
        if (request.ContentLength > store.MaxBytes) return new Refusal(RefusalReason.TooLarge, new ArtifactTooLargeException(store.MaxBytes).Message).ToResult();
        // The store has its own limit, which says what it is.
        request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        StagedArtifact staged;
        try
        {
            staged = await store.StageAsync(request.Body, cancellation);
        }
        catch (ArtifactTooLargeException e)
        {
            return new Refusal(RefusalReason.TooLarge, e.Message).ToResult();
        }

        try
        {
            if (staged.SizeBytes == 0) return Refusal.CheckFailed("The upload is empty: send the model's bytes as the request's body.").ToResult();
            if (expected is not null && expected != staged.Sha256)
                return Refusal.Invalid("Content-Digest", $"The bytes that came have sha256 {staged.Sha256}, not {expected}. Upload again.").ToResult();
            if (before.Artifact is { } present && present.Sha256 != staged.Sha256)
                return Refusal.Conflict($"Version {before.Version} has an artifact already (sha256 {present.Sha256}) and artifacts never change. Register a new version.").ToResult();
            var inspection = await inspector.InspectAsync(staged.StagingId, cancellation);
            if (!inspection.Succeeded(out var signature, out var refusal)) return refusal.ToResult();
            var index = cluster.GetGrain<IModelIndexGrain>(IModelIndexGrain.Key);
            await index.HoldAsync(staged.Sha256);
            var attached = await grain.AttachArtifactAsync(before.Version, await store.CommitAsync(staged, cancellation), signature);
            if (!attached.Succeeded(out var view, out var conflict))
            {
                await index.LetGoAsync(staged.Sha256);
                return conflict.ToResult();
            }

            response.Headers.ETag = Etags.Format(view.Revision);
            return Results.Ok(VersionResponse.From(view));
        }
        finally
        {
            // Whoever sent it may have hung up, which is no reason to keep it.
            await store.DiscardAsync(staged.StagingId, CancellationToken.None);
        }
    }

    private static async Task<IResult> Download(
        string model, string version, HttpResponse response, IClusterClient cluster, ArtifactStore store, CancellationToken cancellation)
    {
        if (!(await FindAsync(cluster, model, version)).Succeeded(out var artifact, out var refusal)) return refusal.ToResult();
        // With length and digest said beforehand, a client sees when a download was cut off.
        response.ContentLength = artifact.SizeBytes;
        response.Headers["Content-Digest"] = $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(artifact.Sha256))}:";
        return Results.Stream(body => store.CopyToAsync(artifact, body, cancellation), OctetStream);
    }

    private static async Task<IResult> Signature(
        string model, string version, IClusterClient cluster, ArtifactStore store, CancellationToken cancellation)
    {
        if (!(await FindAsync(cluster, model, version)).Succeeded(out var artifact, out var refusal)) return refusal.ToResult();
        return Results.Bytes(await store.ReadSignatureAsync(artifact.Sha256, cancellation), SigstoreBundle);
    }

    private static async Task<IResult> PublicKey(string model, string version, IClusterClient cluster, ArtifactStore store)
    {
        if (!(await FindAsync(cluster, model, version)).Succeeded(out var artifact, out var refusal)) return refusal.ToResult();
        return artifact.SignedBy is { } keyId && store.PublicKey(keyId) is { } pem
            ? Results.Text(pem, Pem)
            : Refusal.NotFound($"The key {artifact.SignedBy} is not trusted here any more.").ToResult();
    }

    private static async Task<Outcome<ArtifactInfo>> FindAsync(IClusterClient cluster, string model, string version)
    {
        var outcome = await cluster.GetGrain<IModelGrain>(model).GetVersionAsync(version);
        if (!outcome.Succeeded(out var view, out var refusal)) return refusal;
        return view.Artifact is { } artifact ? artifact : Refusal.NotFound($"Version {view.Version} of {model} has no artifact yet.");
    }

    private static bool HasOctetStream(HttpRequest request) =>
        request.ContentType?.StartsWith(OctetStream, StringComparison.OrdinalIgnoreCase) is true;
}
