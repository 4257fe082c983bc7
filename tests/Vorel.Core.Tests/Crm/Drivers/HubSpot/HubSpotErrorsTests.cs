using System.Text;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Drivers.HubSpot;
using Vorel.Core.Crm.Http;

namespace Vorel.Core.Tests.Crm.Drivers.HubSpot;

public sealed class HubSpotErrorsTests
{
    [Theory]
    [InlineData(400, "VALIDATION_ERROR", CrmErrorCode.ValidationError, false)]
    [InlineData(400, null, CrmErrorCode.ValidationError, false)]
    [InlineData(400, "SOMETHING_NEW", CrmErrorCode.ValidationError, false)]
    [InlineData(401, "EXPIRED_AUTHENTICATION", CrmErrorCode.AuthError, false)]
    [InlineData(401, "INVALID_AUTHENTICATION", CrmErrorCode.AuthError, false)]
    [InlineData(403, "MISSING_SCOPES", CrmErrorCode.InsufficientScope, false)]
    [InlineData(403, "MISSING_PERMISSIONS", CrmErrorCode.AuthError, false)]
    [InlineData(404, "OBJECT_NOT_FOUND", CrmErrorCode.NotFound, false)]
    [InlineData(404, null, CrmErrorCode.NotFound, false)]
    [InlineData(409, "CONFLICT", CrmErrorCode.Conflict, false)]
    [InlineData(413, null, CrmErrorCode.ValidationError, false)]
    [InlineData(418, null, CrmErrorCode.ProviderError, false)]
    [InlineData(423, null, CrmErrorCode.Conflict, true)]
    [InlineData(429, "RATE_LIMITS", CrmErrorCode.RateLimited, true)]
    [InlineData(477, "MIGRATION_IN_PROGRESS", CrmErrorCode.ProviderUnavailable, true)]
    [InlineData(500, "VALIDATION_ERROR", CrmErrorCode.ProviderUnavailable, true)]
    [InlineData(524, null, CrmErrorCode.ProviderUnavailable, true)]
    [InlineData(302, null, CrmErrorCode.ProviderError, true)]
    public void Category_and_status_have_a_meaning(int status, string? category, CrmErrorCode code, bool retryable)
    {
        var exception = HubSpotErrors.Of(Answer(status, $$"""{"status":"error","message":"Zoë's phone is +14155550100","category":{{(category is null ? "null" : $"\"{category}\"")}}}"""));
        Assert.Equal((code, retryable), (exception.Code, exception.Retryable));
        Assert.DoesNotContain("Zoë", exception.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SECONDLY", 1)]
    [InlineData("TEN_SECONDLY_ROLLING", 10)]
    [InlineData("DAILY", 3600)]
    public void A_limit_without_a_time_has_that_of_its_policy(string policy, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), HubSpotErrors.Of(Answer(429, $$"""{"category":"RATE_LIMITS","policyName":"{{policy}}"}""")).RetryAfter);

    [Fact]
    public void A_time_that_is_given_counts_more_than_the_policy() =>
        Assert.Equal(TimeSpan.FromSeconds(3), HubSpotErrors.Of(Answer(429, """{"policyName":"DAILY"}""", TimeSpan.FromSeconds(3))).RetryAfter);

    [Fact]
    public void A_locked_record_is_left_alone_for_two_seconds() => Assert.Equal(TimeSpan.FromSeconds(2), HubSpotErrors.Of(Answer(423, "{}")).RetryAfter);

    [Theory]
    [InlineData("Contact already exists. Existing ID: 123", "123")]
    [InlineData("Contact already exists. Existing ID: 34000000101.", "34000000101")]
    [InlineData("Contact already exists. Existing ID: ", null)]
    [InlineData("Contact already exists. Existing ID: ../1", null)]
    [InlineData("Contact already exists. Existing ID: 123456789012345678901", null)]
    [InlineData("Contact already exists", null)]
    public void The_id_of_the_record_that_is_there_is_read_from_the_text(string message, string? id) =>
        Assert.Equal(id, HubSpotErrors.ExistingId(Answer(409, $$"""{"category":"CONFLICT","message":"{{message}}"}""")));

    [Fact]
    public void Only_a_conflict_has_such_an_id() => Assert.Null(HubSpotErrors.ExistingId(Answer(400, """{"message":"Existing ID: 123"}""")));

    [Fact]
    public void Names_what_is_in_our_own_lists_and_nothing_else()
    {
        var refused = HubSpotErrors.Of(Answer(400, """{"category":"VALIDATION_ERROR","errors":[{"message":"m","context":{"propertyName":["dealname","Zoë"]}}]}"""));
        Assert.Equal("HubSpot refused the content. It names: dealname. (HTTP 400)", refused.Message);
        var lacking = HubSpotErrors.Of(Answer(403, """{"category":"MISSING_SCOPES","errors":[{"context":{"requiredGranularScopes":["tickets","evil <b>"]}}]}"""));
        Assert.Equal("The grant lacks a scope. It names: tickets. (HTTP 403)", lacking.Message);
    }

    [Theory]
    [InlineData("text/html", "<html>")]
    [InlineData("application/json", "[]")]
    [InlineData("application/json", "{\"category\":7}")]
    [InlineData("application/json", "{\"errors\":[null]}")]
    [InlineData("application/json", "{\"errors\":[{\"context\":{\"a\":null}}]}")]
    [InlineData(null, "")]
    public void A_body_that_is_not_HubSpots_leaves_the_status(string? type, string body) =>
        Assert.Equal(CrmErrorCode.ValidationError, HubSpotErrors.Of(new CrmAnswer(400, type, Encoding.UTF8.GetBytes(body), null)).Code);

    private static CrmAnswer Answer(int status, string body, TimeSpan? retryAfter = null) => new(status, "application/json", Encoding.UTF8.GetBytes(body), retryAfter);
}
