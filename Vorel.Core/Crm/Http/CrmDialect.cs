using System.Net.Http.Headers;

namespace Vorel.Core.Crm.Http;

/// <summary>What is a provider's own about HTTP. Everything else is the same for all.</summary>
/// <param name="Slug">The provider.</param>
/// <param name="Name">Its name for people, as it stands in messages.</param>
/// <param name="ErrorOf">What an answer means that is no success; its text goes nowhere.</param>
internal sealed record CrmDialect(string Slug, string Name, Func<CrmAnswer, CrmException> ErrorOf)
{
    /// <summary>What stands before the token.</summary>
    public string Scheme { get; init; } = "Bearer";

    /// <summary>Whether an answer refuses the token, so that a new one may help.</summary>
    public Func<CrmAnswer, bool> RefusesToken { get; init; } = answer => answer.Status == 401;

    /// <summary>What an answer's headers say is left of the provider's limits.</summary>
    public Func<HttpResponseHeaders, IEnumerable<CrmAllowance>> AllowancesOf { get; init; } = _ => [];
}

/// <summary>What a provider says is left of one of its limits.</summary>
/// <param name="Remaining">So many calls.</param>
/// <param name="Window">Until at most so much later.</param>
internal sealed record CrmAllowance(int Remaining, TimeSpan Window);
