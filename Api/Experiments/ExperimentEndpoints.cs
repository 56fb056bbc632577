using System.Collections.Immutable;
using System.Security.Claims;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Experiments;
using Platform.Contracts.Models;
using Platform.Core.Experiments;
using Platform.Core.Models;
using Platform.Core.Results;
using Platform.Core.Rollouts;

namespace Platform.Api.Experiments;

internal static class ExperimentEndpoints
{
    private const int MaxReasonLength = 1_000;

    /// <summary>The winner has proved itself in the experiment; what is left to see is that all traffic does not overwhelm it.</summary>
    private static readonly RolloutRequest Careful = new(
        Steps: [new(10, TimeSpan.FromMinutes(1)), new(50, TimeSpan.FromMinutes(1)), new(100)], AutoPromote: true);

    public static RouteGroupBuilder MapExperiments(this RouteGroupBuilder v1)
    {
        v1.MapPost("/experiments/sample-size", SizeOf).RequireAuthorization(Roles.Viewer).WithTags("Experiments")
            .Produces<SampleSize>().ProducesProblem(400);
        var group = v1.MapGroup("/models/{model}/experiments").WithTags("Experiments");
        group.MapPost("", Begin).RequireAuthorization(Roles.Operator)
            .Produces<ExperimentResponse>(201).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapGet("", List).RequireAuthorization(Roles.Viewer).Produces<ListResponse<ExperimentResponse>>().ProducesProblem(404);
        group.MapGet("/{name}", Get).RequireAuthorization(Roles.Viewer).Produces<ExperimentResponse>().ProducesProblem(404);
        group.MapGet("/{name}/plot.svg", Plot).RequireAuthorization(Roles.Viewer).Produces(200, contentType: ExperimentPlot.ContentType).ProducesProblem(404);
        group.MapPost("/{name}/stop", Stop).RequireAuthorization(Roles.Operator)
            .Produces<ExperimentResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/{name}/conclude", Conclude).RequireAuthorization(Roles.Operator)
            .Produces<ExperimentResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        return v1;
    }

    private static IResult SizeOf(SampleSizeSpec request) =>
        SampleSize.Of(request).Succeeded(out var size, out var refusal) ? Results.Ok(size) : refusal.ToResult();

    [Idempotent]
    private static async Task<IResult> Begin(
        string model, ExperimentSpec request, IClusterClient cluster, LiveTraffic traffic, TimeProvider clock, ClaimsPrincipal user)
    {
        // A field at fault is named without asking anybody.
        if (ExperimentRules.Check(request).Refusal is { } invalid) return invalid.ToResult();
        var outcome = await cluster.GetGrain<IModelExperimentGrain>(model)
            .BeginExperimentAsync(request, await traffic.PerDayAsync(model), user.ActorName());
        return outcome.Succeeded(out var experiment, out var refusal)
            ? Results.Created($"/v1/models/{model}/experiments/{experiment.Design.Name}", ExperimentViews.ToResponse(experiment, clock.GetUtcNow()))
            : refusal.ToResult();
    }

    private static async Task<IResult> List(
        string model, int? page_size, string? page_token, IClusterClient cluster, TimeProvider clock)
    {
        if (Paging.Refuse(page_size, page_token) is { } invalid) return invalid.ToResult();
        var outcome = await cluster.GetGrain<IModelExperimentGrain>(model).ListExperimentsAsync();
        if (!outcome.Succeeded(out var known, out var refusal)) return refusal.ToResult();
        // The names come newest first and none is given twice, so the last one shown tells where to go on.
        var after = Paging.Decode(page_token);
        var rest = after is null ? known.Names : [.. known.Names.SkipWhile(name => name != after).Skip(1)];
        var page = rest.Take(page_size ?? Paging.DefaultSize).ToImmutableArray();
        var experiments = await Task.WhenAll(page.Select(name => Experiment(cluster, model, name).PeekAsync()));
        return Results.Ok(new ListResponse<ExperimentResponse>(
            [.. experiments.OfType<ExperimentState>().Select(experiment => ExperimentViews.ToResponse(experiment, clock.GetUtcNow()))],
            rest.Length > page.Length ? Paging.Encode(page[^1]) : null));
    }

    private static async Task<IResult> Get(string model, string name, IClusterClient cluster, TimeProvider clock) =>
        await FindAsync(cluster, model, name) is { } experiment
            ? Results.Ok(ExperimentViews.ToResponse(experiment, clock.GetUtcNow()))
            : Unknown(model, name).ToResult();

    private static async Task<IResult> Plot(string model, string name, IClusterClient cluster) =>
        await FindAsync(cluster, model, name) is { } experiment
            ? Results.Text(ExperimentPlot.Draw(experiment), ExperimentPlot.ContentType)
            : Unknown(model, name).ToResult();

    private static async Task<IResult> Stop(
        string model, string name, StopExperimentRequest request, IClusterClient cluster, TimeProvider clock, ClaimsPrincipal user)
    {
        if (request.Reason is not { Length: > 0 and <= MaxReasonLength } reason)
            return Refusal.Invalid("reason", $"Say why, in 1 to {MaxReasonLength} characters.").ToResult();
        if (await FindAsync(cluster, model, name) is null) return Unknown(model, name).ToResult();
        return Answer(await Experiment(cluster, model, name).StopAsync(user.ActorName(), reason), clock);
    }

    private static async Task<IResult> Conclude(
        string model, string name, ConcludeExperimentRequest request, IClusterClient cluster, TimeProvider clock, ClaimsPrincipal user)
    {
        if (request.Ship is not { Length: > 0 } ship) return Refusal.Invalid("ship", "Give the arm to roll out, or control's name to keep things as they are.").ToResult();
        if (await FindAsync(cluster, model, name) is null) return Unknown(model, name).ToResult();
        return Answer(await Experiment(cluster, model, name).ConcludeAsync(ship, request.Rollout ?? Careful, user.ActorName()), clock);
    }

    private static IResult Answer(Outcome<ExperimentState> outcome, TimeProvider clock) =>
        outcome.Succeeded(out var experiment, out var refusal)
            ? Results.Ok(ExperimentViews.ToResponse(experiment, clock.GetUtcNow()))
            : refusal.ToResult();

    /// <summary>A name that no experiment can have would only leave an empty activation behind.</summary>
    private static async Task<ExperimentState?> FindAsync(IClusterClient cluster, string model, string name) =>
        Names.IsValid(model) && Names.IsValid(name) ? await Experiment(cluster, model, name).GetAsync() : null;

    private static IExperimentGrain Experiment(IClusterClient cluster, string model, string name) =>
        cluster.GetGrain<IExperimentGrain>($"{model}/{name}");

    private static Refusal Unknown(string model, string name) => Refusal.NotFound($"{model} has no experiment {name}.");
}
