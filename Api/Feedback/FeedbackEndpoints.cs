using System.Security.Claims;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.SharedState.Quality;

namespace Platform.Api.Feedback;

internal static class FeedbackEndpoints
{
    public static RouteGroupBuilder MapFeedback(this RouteGroupBuilder v1)
    {
        v1.MapPost("/feedback", Accept).RequireAuthorization(Roles.Inference).WithTags("Monitoring")
            .WithoutAudit("Labels are data that comes with the traffic, as many as there are predictions.")
            .Produces<FeedbackResponse>().ProducesProblem(400).ProducesProblem(413).ProducesProblem(422);
        return v1;
    }

    [ChecksModels]
    private static async Task<IResult> Accept(
        FeedbackRequest request, FeedbackStore feedback, PredictionWriter writer, ClaimsPrincipal user, TimeProvider clock)
    {
        if (!FeedbackReading.Read(request, clock.GetUtcNow()).Succeeded(out var items, out var invalid)) return invalid.ToResult();
        if (user.Models() is { } models) items = [.. items.Select(item => item with { Models = models })];
        var outcome = await feedback.AcceptAsync(items, writer.FlushAsync);
        return outcome.Succeeded(out var result, out var refusal)
            ? Results.Ok(new FeedbackResponse(result.Accepted, result.Unmatched))
            : refusal.ToResult();
    }
}
