using Vorel.Core.Crm;
using Vorel.Core.Crm.OAuth;

namespace Vorel.Functions.Api.OAuth;

/// <summary>What is said to whoever signs in when it does not work, as a table.</summary>
internal static class OAuthTexts
{
    private const string Again = "Nothing was connected. Ask for a new link and open it in the browser in which you sign in.";

    /// <summary>Status, title and text of a refusal.</summary>
    public static (int Status, string Title, string[] Text) Of(OAuthRefusedException refused) => refused.Refusal switch
    {
        OAuthRefusal.Link => (StatusCodes.Status400BadRequest, "This link cannot be used", ["A link is good for ten minutes and can be opened once. Ask for a new one."]),
        OAuthRefusal.State => (StatusCodes.Status400BadRequest, "This sign-in cannot be finished", ["It was finished before, took longer than ten minutes, or began in another browser.", Again]),
        OAuthRefusal.Denied => (StatusCodes.Status400BadRequest, "Access was not granted", ["The provider says that access was refused on its page.", Again]),
        OAuthRefusal.NoCode => (StatusCodes.Status400BadRequest, "The provider did not let us in", ["It reported an error instead of granting access.", Again]),
        OAuthRefusal.Site => (StatusCodes.Status400BadRequest, "This data centre is not known", ["The provider named a data centre that is none of those we know.", Again]),
        OAuthRefusal.Incomplete => (
            StatusCodes.Status502BadGateway, "The provider granted too little", ["What it granted does not last, or does not say which account it is for.", Again]),
        _ => (StatusCodes.Status502BadGateway, "The provider gave us no access", [WhyNot(refused.Cause), Again]),
    };

    private static string WhyNot(CrmException? cause) => cause?.Code switch
    {
        CrmErrorCode.RefreshFailed => "It did not accept what it had sent back with you: that is good for a short time, and once.",
        CrmErrorCode.AuthError => "It does not accept this installation's own app. Tell whoever runs it.",
        CrmErrorCode.RateLimited => "It was asked too often. Wait ten minutes.",
        CrmErrorCode.ProviderUnavailable => "It did not answer in time.",
        _ => "It answered with something that we cannot read.",
    };
}
