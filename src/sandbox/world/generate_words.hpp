// The words of generated worlds: people, teams, machines, accounts. Names that many companies could have.
#pragma once

#include <array>
#include <string_view>

namespace rekeyer::sandbox::words {

inline constexpr std::array<std::string_view, 40> first_names{
    "alice", "amir",  "anna",   "ben",   "bianca", "carlos", "chloe", "daniel", "dina",   "elena",
    "emil",  "farah", "felix",  "grace", "hana",   "hugo",   "ines",  "ivan",   "jana",   "jonas",
    "karim", "kate",  "leon",   "lucia", "maya",   "mehmet", "nadia", "noah",   "olga",   "omar",
    "paula", "peter", "rachel", "rosa",  "sami",   "sofia",  "tariq", "theo",   "ursula", "yuki"};
inline constexpr std::array<std::string_view, 40> last_names{
    "abbas",   "adler",   "alvarez", "bauer",  "bianchi", "brandt", "castro", "chen",   "costa",  "dubois",
    "eriksen", "fischer", "garcia",  "haddad", "hansen",  "ito",    "jansen", "kaya",   "keller", "kim",
    "kovacs",  "larsen",  "lopez",   "meyer",  "moreau",  "nguyen", "novak",  "okafor", "olsen",  "patel",
    "petrov",  "reyes",   "rossi",   "santos", "schwarz", "silva",  "tanaka", "weber",  "wilson", "zhang"};
inline constexpr std::array<std::string_view, 16> teams{
    "payments", "checkout", "catalog", "search", "billing",  "identity", "mobile",   "data",
    "reports",  "shipping", "pricing", "media",  "partners", "support",  "platform", "risk"};
inline constexpr std::array<std::string_view, 8> jobs{"deploy", "export", "import", "uploader",
                                                      "mailer", "sync",   "reader", "monitor"};
inline constexpr std::array<std::string_view, 12> services{"s3",  "sts", "ec2",    "dynamodb", "sqs", "secretsmanager",
                                                           "ses", "iam", "lambda", "ecr",      "sns", "cloudwatch"};
inline constexpr std::array<std::string_view, 5> regions{"us-east-1", "us-west-2", "eu-west-1", "eu-central-1",
                                                         "ap-southeast-1"};
inline constexpr std::array<std::string_view, 7> policies{"rotation_period=30d",
                                                          "rotation_period=60d",
                                                          "rotation_period=180d",
                                                          "installation_grace=20d",
                                                          "recovery_grace=30d",
                                                          "in_use=warn",
                                                          "rotation_period=45d installation_grace=5d"};
inline constexpr std::array<std::string_view, 4> exemptions{
    "break glass in a sealed envelope", "vendor rotates it by hand", "hardware that takes no new key",
    "replaced by a role soon"};

inline constexpr std::string_view company = "brightwater";
inline constexpr std::string_view mail_domain = "brightwater.example";

}  // namespace rekeyer::sandbox::words
